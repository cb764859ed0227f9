namespace Countersign.Gateway.Configuration;

/// <summary>What a configuration may look at beside its file.</summary>
/// <param name="Variable">The value of an environment variable, or <c>null</c>.</param>
/// <param name="Folder">The folder that relative paths start from where the configuration is no file.</param>
public sealed record ConfigurationEnvironment(Func<string, string?> Variable, string Folder)
{
    /// <summary>This process's variables and working folder.</summary>
    public static ConfigurationEnvironment OfProcess() => new(Environment.GetEnvironmentVariable, Directory.GetCurrentDirectory());

    /// <summary>The variable's value; <c>null</c> where it is not set or empty.</summary>
    public string? Get(string name) => Variable(name) is { Length: > 0 } value ? value : null;
}
