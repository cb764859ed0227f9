using System.CommandLine;
using Countersign.Replay.Recordings;

namespace Countersign.Replay.Recording;

/// <summary><c>record</c>: writes <c>outcomes.jsonl</c> of a set anew.</summary>
internal static class RecordCommand
{
    private const string Description = """
        Records what the routes of a configuration answer to the questions of a set, grades it by the set's references and writes outcomes.jsonl anew.
        Each route is a drafter. The references stand in the file as one more model. The same weights, settings and questions give the same bytes.
        """;

    public static Command Create()
    {
        var set = new Option<string>("--set") { Description = "The set's folder.", DefaultValueFactory = _ => Path.Combine(Places.Local, "short_tasks"), HelpName = "DIR" };
        var configuration = new Option<string>("--config") { Description = "The drafters.", DefaultValueFactory = _ => Path.Combine(Places.Local, "record.yaml"), HelpName = "FILE" };
        var command = new Command("record", Description) { set, configuration };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(set), parsed.GetRequiredValue(configuration), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string folder, string configuration, CancellationToken cancellationToken)
    {
        try
        {
            OutcomesFile.EnsureGradable(folder);
            var answers = await Recorder.RecordAsync([.. SetFile.ReadQuestions(folder)], configuration, answer => Console.WriteLine($"{answer.Question} {answer.Model}: {answer.Text.ReplaceLineEndings(" ")}"), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, SetFile.Outcomes), OutcomesFile.Write(folder, answers), cancellationToken);
            return 0;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
