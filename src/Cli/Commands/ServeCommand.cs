using System.CommandLine;
using System.Net.Sockets;
using Countersign.Gateway;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Providers;
using Countersign.Protocol.Problems;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign serve</c>: runs the gateway until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        Option<string> file = Configurations.Option();
        var listen = new Option<string?>("--listen", "-l") { Description = "Where to listen, in place of what the file says, such as 127.0.0.1:9000; port 0 takes a free one.", HelpName = "ADDRESS:PORT" };
        listen.Validators.Add(result => { if (result.Tokens is [{ Value: var text }] && ListenAddress.Parse(text) is null) result.AddError($"'{text}' is no address to listen on; write it like 127.0.0.1:9000, localhost:9000 or *:9000."); });
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Log a line for every request. Bodies and keys are never logged." };
        var command = new DocumentedCommand(
            "serve", "Runs the gateway: OpenAI's and Anthropic's APIs on one address, until Ctrl+C or SIGTERM: running requests may then end for as long as 'server.drain' says; a second Ctrl+C ends it at once.",
            "countersign serve", "countersign serve --config countersign.yaml", "countersign serve --listen 127.0.0.1:9000 --verbose") { file, listen, verbose };
        command.EndsByItself = true;
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(file), parsed.GetValue(listen), parsed.GetValue(verbose), new Terminal(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? file, string? listen, bool verbose, Terminal terminal, CancellationToken cancellationToken)
    {
        SocketThreads.Prefer(); // Before discovery opens the first socket.
        if (await Configurations.LoadAsync(file, terminal, cancellationToken) is not { } loaded) return ExitCodes.Failed;
        using var logs = LoggerFactory.Create(logging => Configure(logging, verbose));
        using var source = SourceOf(loaded, logs);
        try
        {
            await using var host = await GatewayHost.StartAsync(source, listen, logs, cancellationToken);
            Announce(terminal, loaded.File, loaded.Found, source.Current, host);
            await host.WaitForShutdownAsync(cancellationToken);
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is SocketException or IOException { InnerException: AddressInUseException })
        {
            string reason = exception is SocketException ? exception.Message : "another process does";
            terminal.Error($"It cannot listen on {listen ?? loaded.Configuration.Server.Listen}: {reason.TrimEnd('.')}. --listen names another address, such as 127.0.0.1:0 for a free port.", "red");
            return ExitCodes.Failed;
        }
        catch (Exception exception) when (exception is ProblemException or IOException)
        {
            terminal.Error(exception.Message, "red");
            return ExitCodes.Failed;
        }
    }

    private static ConfigurationSource SourceOf(UsedConfiguration used, ILoggerFactory logs)
    {
        var log = logs.CreateLogger<ConfigurationSource>();
        return used.File is { } file ? new ConfigurationSource(used.Loaded, file, ConfigurationEnvironment.OfProcess(), TimeProvider.System, log) : new ConfigurationSource(used.Configuration, log);
    }

    private static void Announce(Terminal terminal, string? file, IReadOnlyList<string> found, GatewayConfiguration configuration, GatewayHost host)
    {
        terminal.Line(file is null ? $"No {Configurations.UsualFile} here, or an empty one; made from what was found:" : $"Configuration: {file}");
        foreach (string line in found) terminal.Line($"  {line}");
        if (NoDeploymentNote(configuration) is { } missing) terminal.Line($"  {missing}", "yellow");
        if (configuration.Routes.Count > 0) terminal.Line($"Routes: {string.Join(", ", configuration.Routes.Keys)}");
        terminal.Line($"Ledger: {configuration.Ledger.Path}");
        if (host.AccessNote is { } note) terminal.Line(note, "yellow");
        terminal.Line($"Listening on {host.Address}", "green");
    }

    /// <summary>A provider's models can be named without having been declared, but for the engine's.</summary>
    internal static string? NoDeploymentNote(GatewayConfiguration configuration)
    {
        if (configuration.Deployments.Count > 0) return null;
        var callable = configuration.Providers.Values.Where(provider => provider.Api != ProviderApi.Engine).Select(provider => $"{provider.Name}/MODEL").ToList();
        return callable.Count == 0
            ? "No deployment: set a provider key such as OPENAI_API_KEY, start a server such as Ollama, or put GGUF files into ./models."
            : $"No deployment is declared; requests name a provider's model: {string.Join(", ", callable)}.";
    }

    private static void Configure(ILoggingBuilder logging, bool verbose)
    {
        logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.ColorBehavior) = (true, "yyyy-MM-ddTHH:mm:ssZ ", LoggerColorBehavior.Disabled));
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Countersign", verbose ? LogLevel.Debug : LogLevel.Information);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // What keeps it from starting is said in a line.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None); // Or a span and a scope are made for each request, of which nobody hears.
    }
}
