using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Countersign.Gateway.Configuration;
using Countersign.Replay.Asking;
using Countersign.Replay.Recordings;

namespace Countersign.Replay.Recording;

/// <summary>Asks the routes of a configuration the questions of a set and keeps what they answer. The configuration's deployments are real ones, such as our own engine's.</summary>
internal static class Recorder
{
    /// <summary>All answers: of each question in turn, one from each route, in the order of the file. One is asked after the other, so that nothing depends on the machine's haste.</summary>
    /// <param name="questions">What is asked.</param>
    /// <param name="configurationFile">A file whose every route is a drafter; the answers bear the route's name.</param>
    /// <param name="advance">Told of each answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">The file has problems, or a question got no whole answer.</exception>
    public static async Task<IReadOnlyList<RecordedAnswer>> RecordAsync(IReadOnlyList<RecordedQuestion> questions, string configurationFile, Action<RecordedAnswer> advance, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("countersign-record-").FullName;
        try
        {
            var options = new ReplayOptions { Data = folder, Routes = Path.GetDirectoryName(Path.GetFullPath(configurationFile))!, Ledger = Path.Combine(folder, "ledger.db") };
            return await RecordAsync(questions, RunningGateway.Read(configurationFile, "http://127.0.0.1:9/v1", options), advance, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Draws the sample of a route for a question: another one for each, because one seed for all would give all questions the same luck; the same one whenever it is recorded again.</summary>
    public static int SeedOf(string route, string question) =>
        BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{route}/{question}"))) & int.MaxValue;

    private static async Task<IReadOnlyList<RecordedAnswer>> RecordAsync(IReadOnlyList<RecordedQuestion> questions, GatewayConfiguration configuration, Action<RecordedAnswer> advance, CancellationToken cancellationToken)
    {
        await using var gateway = await RunningGateway.StartAsync(configuration, cancellationToken);
        using var client = new Client(gateway.Address);
        var answers = new List<RecordedAnswer>();
        foreach (var question in questions)
        {
            foreach (string route in configuration.Routes.Keys)
            {
                var answered = await client.AskAsync(question, route, stream: false, SeedOf(route, question.Id), cancellationToken);
                answers.Add(AsRecorded(answered, route));
                advance(answers[^1]);
            }
        }

        return answers;
    }

    private static RecordedAnswer AsRecorded(Answered answered, string route) => answered is { IsWhole: true, Usage: { InputTokens: { } input, OutputTokens: { } output } }
        ? new RecordedAnswer(answered.Question, route, answered.Text, answered.Calls, (int)input, (int)output, Latency: null)
        : throw new InvalidDataException($"'{route}' gave no whole, counted answer to {answered.Question}: status {answered.Status}.");
}
