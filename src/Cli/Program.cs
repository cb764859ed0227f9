using System.CommandLine;
using Countersign.Cli;
using Countersign.Cli.Commands;

// One file per command in Commands/, listed here in the order in which --help shows them.
CommandEntry[] commands =
[
    new("demo", DemoCommand.Create),
    new("serve", ServeCommand.Create),
    new("models", ModelsCommand.Create),
    new("chat", ChatCommand.Create),
    new("bench", BenchCommand.Create),
    new("run", RunCommand.Create),
    new("config", ConfigCommand.Create),
    new("route", RouteCommand.Create),
    new("report", ReportCommand.Create),
    new("keys", KeysCommand.Create),
];

// Colours are not all that a terminal obeys: .NET's console sends it commands before the first word. See https://no-color.org.
if (Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }) Environment.SetEnvironmentVariable("TERM", "dumb");

// Where one is named, only that one is made: making them all takes a tenth of the time in which a server starts.
var named = commands.Where(command => args is [var first, ..] && first == command.Name);
return await CommandLine.RunAsync(args, new InvocationConfiguration(), (named.Any() ? named : commands).Select(command => command.Create()));

internal sealed record CommandEntry(string Name, Func<Command> Create);
