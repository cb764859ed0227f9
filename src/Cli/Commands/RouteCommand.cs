using System.CommandLine;
using Countersign.Gateway.Configuration;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign route</c>: what routes do.</summary>
internal static class RouteCommand
{
    public static Command Create() => new DocumentedCommand("route", "Shows what routes do.", "countersign route explain majority --config countersign.example.yaml")
    {
        Explain(),
    };

    private static DocumentedCommand Explain()
    {
        var route = new Argument<string>("route") { Description = "The route's name." };
        Option<string> file = Configurations.Option();
        var inputTokens = Options.Count("--input-tokens", [], "The length of the request that the worst case is worked out for, in tokens.", 1000, 1);
        var command = new DocumentedCommand(
            "explain", "Says in words how a route's requests go: who drafts, what is checked in which order, repair, escalation, caps, and the worst case in money.",
            "countersign route explain majority --config countersign.example.yaml", "countersign route explain majority --input-tokens 4000") { route, file, inputTokens };
        command.SetAction((parsed, cancellationToken) => RunExplainAsync(parsed.GetRequiredValue(route), parsed.GetValue(file), parsed.GetValue(inputTokens), new Terminal(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunExplainAsync(string name, string? file, int inputTokens, Terminal terminal, CancellationToken cancellationToken)
    {
        if (await Configurations.LoadAsync(file, terminal, cancellationToken) is not { } loaded) return ExitCodes.Failed;
        if (!loaded.Configuration.Routes.TryGetValue(name, out GatewayRoute? route))
        {
            string known = loaded.Configuration.Routes.Count == 0 ? "none" : string.Join(", ", loaded.Configuration.Routes.Keys);
            terminal.Error($"There is no route \"{name}\". Routes here: {known}.", "red");
            return ExitCodes.Failed;
        }

        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        terminal.Line($"{name} (version {route.Cascade.Version})", "bold");
        terminal.Columns([.. RoutePlan.Describe(loaded.Configuration, route, inputTokens, today).Select(line => (line.Step, line.Text))]);
        return ExitCodes.Done;
    }
}
