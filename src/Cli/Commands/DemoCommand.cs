using System.CommandLine;
using Countersign.Cli.Demo;
using Countersign.Gateway;
using Countersign.Gateway.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign demo</c>: real tasks through real routes on the weights that ship, in this process. No account, no network.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var (folder, config) = (Models.Folder(), Configurations.Option());
        var strong = new Option<string?>("--strong") { Description = "A deployment that is asked where the small model's answers do not pass, such as openai/gpt-5-mini with OPENAI_API_KEY set, or one of your configuration. It costs what it costs.", HelpName = "DEPLOYMENT" };
        var usdPerHour = Options.Usd("--usd-per-hour", "What an hour of this machine costs, in US dollars: energy, or what it is rented for.");
        usdPerHour.DefaultValueFactory = _ => 0.10m;
        var only = new Option<string?>("--route") { Description = "Only the tasks of one route: receipts, inbox or assistant.", HelpName = "NAME" };
        var command = new DocumentedCommand(
            "demo", "Sends small tasks with known answers through gated routes: a tiny model drafts, checks judge, repair and escalation follow; then what it came to and what a success cost.",
            "countersign demo", "countersign demo --usd-per-hour 0.04", "countersign demo --strong openai/gpt-5-mini") { folder, strong, usdPerHour, only, config };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (terminal, screenPrice) = (new Terminal(parsed), parsed.GetValue(usdPerHour)!.Value);
            return RunAsync(parsed.GetRequiredValue(folder), parsed.GetValue(strong), parsed.GetValue(config), parsed.GetValue(only), new DemoScreen(terminal, screenPrice), terminal, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(string models, string? strong, string? config, string? only, DemoScreen screen, Terminal terminal, CancellationToken cancellationToken)
    {
        var kinds = DemoTasks.Read().Where(kind => only is null || kind.Route == only).ToList();
        if (kinds.Count == 0)
        {
            terminal.Error($"There is no route \"{only}\". Routes here: {string.Join(", ", DemoTasks.Read().Select(kind => kind.Route))}.", "red");
            return ExitCodes.Failed;
        }

        if (Models.Find(DemoConfiguration.Model, models, terminal) is null) return ExitCodes.Failed;
        var folder = Directory.CreateTempSubdirectory("countersign-demo-");
        try
        {
            if (await ConfigurationAsync(models, Path.Combine(folder.FullName, "ledger.db"), strong, config, terminal, cancellationToken) is not { } configuration) return ExitCodes.Failed;
            using var source = new ConfigurationSource(configuration, NullLogger<ConfigurationSource>.Instance);
            await using var host = await GatewayHost.StartAsync(source, null, NullLoggerFactory.Instance, cancellationToken);
            using var client = new HttpClient { BaseAddress = new Uri(host.Address), Timeout = TimeSpan.FromMinutes(10) };
            terminal.Line($"The gateway runs at {host.Address} on {DemoConfiguration.Model}, which ships with it: 135 million weights. Nothing leaves this machine{(strong is null ? "" : $" but what {strong} is asked")}.");
            screen.Report(await AskAllAsync(kinds, new DemoRun(client), screen, terminal, cancellationToken), DemoConfiguration.Model);
            if (strong is null) terminal.Line("A strong model would answer what is not countersigned here: countersign demo --strong DEPLOYMENT.", "grey");
            return ExitCodes.Done;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<List<DemoResult>> AskAllAsync(IReadOnlyList<TaskKind> kinds, DemoRun run, DemoScreen screen, Terminal terminal, CancellationToken cancellationToken)
    {
        var results = new List<DemoResult>();
        foreach (var (kind, task) in kinds.SelectMany(kind => kind.Tasks.Select(task => (kind, task))))
        {
            var result = await terminal.WaitAsync($"{kind.Route}: {task.Name}", () => run.AskAsync(kind, task, cancellationToken));
            screen.Show(kind, task, result);
            results.Add(result);
        }

        return results;
    }

    private static async Task<GatewayConfiguration?> ConfigurationAsync(string models, string ledger, string? strong, string? config, Terminal terminal, CancellationToken cancellationToken)
    {
        var demo = DemoConfiguration.Load(models, ledger);
        if (demo.Configuration is not { } configuration)
        {
            Configurations.Report(demo.Problems, terminal);
            return null;
        }

        if (strong is null) return configuration;
        if (await Configurations.LoadAsync(config, terminal, cancellationToken) is not { } own) return null;
        if (own.Configuration.FindDeployment(strong) is not null) return DemoConfiguration.WithStrong(configuration, own.Configuration, strong);
        terminal.Error($"There is no deployment '{strong}': name one of your configuration, or PROVIDER/MODEL with the provider's key in the environment.", "red");
        return null;
    }
}
