using Countersign.Gateway.Configuration.Checks;
using Countersign.Gateway.Configuration.Files;
using Countersign.Gateway.Configuration.Sections;

namespace Countersign.Gateway.Configuration;

/// <summary>What became of a file: a configuration, or every problem that it has.</summary>
/// <param name="Configuration">The configuration; <c>null</c> where there are problems.</param>
/// <param name="Problems">Everything that is wrong, in the order of the file.</param>
/// <param name="EffectiveYaml">The file as it was understood, environment variables put in, secrets left out.</param>
public sealed record LoadedConfiguration(GatewayConfiguration? Configuration, IReadOnlyList<ConfigurationProblem> Problems, string EffectiveYaml)
{
    /// <summary>The <see cref="FileDigest"/> of the bytes that were read; <c>null</c> where it was made from a text, or could not be read.</summary>
    public string? Digest { get; init; }
}

/// <summary>Reads and checks configurations. Nothing throws: what is wrong is a list.</summary>
public static class ConfigurationLoader
{
    private const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Reads the file at <paramref name="path"/>. Relative paths in it start from its folder.</summary>
    public static LoadedConfiguration LoadFile(string path, ConfigurationEnvironment environment)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) return Unread(path, "The file is larger than 8 MiB.", "A configuration is a few kilobytes: check the path.");
            byte[] bytes = File.ReadAllBytes(path);
            using var text = new StreamReader(new MemoryStream(bytes));
            return LoadText(text.ReadToEnd(), path, environment with { Folder = Path.GetDirectoryName(Path.GetFullPath(path))! }) with { Digest = FileDigest.Of(bytes) };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unread(path, $"The file cannot be read: {exception.Message}", "Check the path and its permissions.");
        }
    }

    /// <summary>Reads a configuration from its text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">What problems call the file.</param>
    /// <param name="environment">Variables, and the folder that relative paths start from.</param>
    public static LoadedConfiguration LoadText(string text, string name, ConfigurationEnvironment environment)
    {
        var problems = new ProblemList();
        if (YamlReader.Read(text, name, environment, problems) is not { } root) return new LoadedConfiguration(null, problems.InOrder(), "");
        if (FileSection.Shape.TryRead(root, problems, out GatewayConfiguration configuration))
        {
            configuration = WithCollector(Completion.Complete(configuration, environment.Folder), environment, root, problems);
            SemanticChecks.Run(new CheckedFile(configuration, root, problems));
        }

        string yaml = YamlPrinter.Print(root);
        return new LoadedConfiguration(problems.Count == 0 ? Versions.Stamp(configuration, (MapNode)root, yaml) : null, problems.InOrder(), yaml);
    }

    /// <summary>OpenTelemetry's own variable names the collector where the file names none.</summary>
    private static GatewayConfiguration WithCollector(GatewayConfiguration configuration, ConfigurationEnvironment environment, ConfigNode root, ProblemList problems)
    {
        const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";
        if (configuration.Server.OtlpEndpoint is not null || environment.Get(Variable) is not { } text) return configuration;
        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https") return configuration with { Server = configuration.Server with { OtlpEndpoint = endpoint } };
        problems.Add(root, $"The environment variable {Variable} is \"{text}\", which is no http or https address.", "Correct it, such as http://localhost:4318, or take it away.");
        return configuration;
    }

    private static LoadedConfiguration Unread(string path, string message, string remedy) =>
        new(null, [new ConfigurationProblem(new FilePlace(path, 0, 0), "", message, remedy)], "");
}
