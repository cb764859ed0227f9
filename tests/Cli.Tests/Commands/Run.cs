using System.CommandLine;
using Countersign.Cli.Commands;

namespace Countersign.Cli.Tests.Commands;

/// <summary>What a command line wrote and ended with.</summary>
internal sealed record Ran(int Code, string Output, string Error);

/// <summary>Runs command lines in this process.</summary>
internal static class Run
{
    public static async Task<Ran> Async(params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var configuration = new InvocationConfiguration { Output = output, Error = error };
        int code = await CommandLine.RunAsync(args, configuration, Commands());
        return new Ran(code, output.ToString(), error.ToString());
    }

    /// <summary>Every command.</summary>
    public static Command[] Commands() =>
    [
        DemoCommand.Create(), ServeCommand.Create(), RunCommand.Create(), ModelsCommand.Create(), ChatCommand.Create(), BenchCommand.Create(), ConfigCommand.Create(), RouteCommand.Create(), ReportCommand.Create(), KeysCommand.Create(),
    ];
}
