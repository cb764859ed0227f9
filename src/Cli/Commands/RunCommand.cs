using System.CommandLine;
using System.Globalization;
using Countersign.Cascade.Money;
using Countersign.Gateway.Batches;
using Countersign.Gateway.Configuration;
using Countersign.Protocol.Problems;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign run</c>: answers a file of requests.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var route = new Argument<string>("route") { Description = "The route, pool or deployment that answers." };
        var input = new Argument<string>("input") { Description = "A chat request a line: a body as for /v1/chat/completions, or {\"custom_id\": ..., \"body\": ...} as in OpenAI's batches; - takes the standard input." };
        input.Validators.Add(result => { if (result.Tokens[0].Value is var name && name != BatchInput.Standard && !File.Exists(name)) result.AddError($"There is no file '{name}'."); });
        var output = Options.Path("--output", ["-o"], "FILE", "Takes a line for each request, in the form of OpenAI's batches. Where it exists, what it answers is not asked again; what failed is.");
        output.Required = true;
        var parallel = Options.Count("--parallel", ["-p"], "How many requests run at once.", 8, 1, 1024);
        var dryRun = new Option<bool>("--dry-run") { Description = "Ask nothing: say how much would be asked and what it can cost at most." };
        Option<string> file = Configurations.Option();
        var command = new DocumentedCommand(
            "run", "Answers a file of requests in this process, with the configuration's routes, limits and ledger. A run that was stopped or killed goes on where it was when it is started again: what is answered is neither asked nor paid twice.",
            "countersign run majority questions.jsonl -o answers.jsonl", "countersign run majority questions.jsonl -o answers.jsonl --dry-run", "cat questions.jsonl | countersign run majority - -o answers.jsonl --parallel 32")
        { route, input, output, parallel, dryRun, file };
        command.EndsByItself = true;
        command.SetAction((parsed, cancellationToken) =>
        {
            var order = new Order(parsed.GetRequiredValue(route), parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), parsed.GetValue(parallel));
            return RunAsync(order, parsed.GetValue(dryRun), parsed.GetValue(file), new Terminal(parsed), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(Order order, bool isDry, string? file, Terminal terminal, CancellationToken cancellationToken)
    {
        if (await Configurations.LoadAsync(file, terminal, cancellationToken) is not { } loaded) return ExitCodes.Failed;
        using var source = new ConfigurationSource(loaded.Configuration, NullLogger<ConfigurationSource>.Instance);
        try
        {
            using var input = await BatchInput.OpenAsync(order.Input, cancellationToken);
            await using var runner = new BatchRunner(source, input.Path, order.Route, logging => logging.ClearProviders());
            return isDry ? Look(runner, order, terminal) : await AskAsync(runner, order, terminal, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            terminal.Error("Stopped. The same command goes on from here.", "yellow");
            return ExitCodes.Failed;
        }
        catch (Exception exception) when (exception is ProblemException or IOException or UnauthorizedAccessException)
        {
            terminal.Error(exception.Message, "red");
            return ExitCodes.Failed;
        }
    }

    private static int Look(BatchRunner runner, Order order, Terminal terminal)
    {
        var (tally, worst) = runner.Look(order.Output);
        terminal.Columns([("requests", Number(tally.Total)), ("answered", Number(tally.Earlier)), ("to ask", Number(tally.Left)), ("worst case", worst.IsComplete ? Dollars.Text(worst) : "unknown: a price is missing")]);
        return ExitCodes.Done;
    }

    private static async Task<int> AskAsync(BatchRunner runner, Order order, Terminal terminal, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        long began = time.GetTimestamp();
        BatchTally tally = null!;
        await terminal.WithProgressAsync("reading the requests", async show =>
            tally = await runner.RunAsync(order.Output, order.Parallel, now => show(Fraction(now), Describe(now, time.GetElapsedTime(began))), cancellationToken));
        Summarise(tally, time.GetElapsedTime(began), terminal);
        return tally.Failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Summarise(BatchTally tally, TimeSpan took, Terminal terminal)
    {
        List<(string, string)> rows =
        [
            ("requests", Number(tally.Total)), ("earlier", Number(tally.Earlier)), ("answered", Number(tally.Answered)),
            ("accepted", Number(tally.Accepted)), ("failed", Number(tally.Failed)), ("cost", Dollars.Text(tally.Cost)), ("time", Time(took)),
        ];
        if (tally.Answered > 0) rows.Add(("per answer", Dollars.Text(Each(tally.Cost, tally.Answered))));
        if (tally.Accepted > 0) rows.Add(("per accepted", Dollars.Text(Each(tally.Cost, tally.Accepted))));
        terminal.Columns(rows);
        if (tally.Failed > 0) terminal.Error("Failed requests have their error in the output; the same command asks them again.", "yellow");
    }

    private static string Describe(BatchTally tally, TimeSpan took)
    {
        double rate = tally.Ended / Math.Max(took.TotalSeconds, 0.001);
        string left = tally.Ended == 0 ? "" : $"  left {Time(TimeSpan.FromSeconds(tally.Left / rate))}";
        return string.Create(CultureInfo.InvariantCulture, $"{tally.Earlier + tally.Ended}/{tally.Total}  {rate:0.0}/s  {Dollars.Text(tally.Cost)}{left}");
    }

    private static double Fraction(BatchTally tally) => tally.Total == 0 ? 1 : (double)(tally.Earlier + tally.Ended) / tally.Total;

    private static Cost Each(Cost cost, int count) => new(cost.Usd / count, cost.IsComplete);

    private static string Time(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}h {time.Minutes:00}m" : $"{time.Minutes}m {time.Seconds:00}s";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Order(string Route, string Input, string Output, int Parallel);
}
