using System.CommandLine;
using Countersign.Cli;
using Countersign.Cli.Commands;

// One file per command in Commands/, listed here in the order in which --help shows them.
return await CommandLine.RunAsync(
    args,
    new InvocationConfiguration(),
    DemoCommand.Create(),
    ServeCommand.Create(),
    ModelsCommand.Create(),
    ChatCommand.Create(),
    BenchCommand.Create(),
    RunCommand.Create(),
    ConfigCommand.Create(),
    RouteCommand.Create(),
    ReportCommand.Create(),
    KeysCommand.Create());
