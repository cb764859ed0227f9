using Countersign.Replay.Recording;
using Countersign.Replay.Recordings;

namespace Countersign.Replay.Tests;

/// <summary>The command line, apart from what it replays.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("countersign-replay-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Ledger_MadeAnew_LeavesNothingOfTheOldOne()
    {
        string ledger = Path.Combine(folder, "replay.db");
        foreach (string name in new[] { "replay.db", "replay.db-wal", "replay.db-shm", "replay.db.settled-0a1b2c", "replay.dbx" }) File.WriteAllText(Path.Combine(folder, name), "");
        ReplayCommand.MakeAnew(ledger);
        Assert.Equal(["replay.dbx"], Directory.EnumerateFiles(folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("--rows", "nothing.json")]
    [InlineData("--faults", "rain=0.5")]
    [InlineData("--row", "nothing")]
    public async Task CommandLine_ThatCannotBe_EndsInALine(params string[] line) =>
        Assert.Equal(1, await ReplayCommand.Create().Parse(line).InvokeAsync(new() { EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("""{"id":"a","task":"t","question":"1 + 1","grade":"number"}""", "a has no 'reference'")]
    [InlineData("""{"id":"a","task":"t","question":"1 + 1","reference":"2"}""", "'' is no rule of grading")]
    public void Set_ThatCannotBeGraded_IsSaidBeforeItIsRecorded(string question, string words)
    {
        File.WriteAllText(Path.Combine(folder, SetFile.Questions), question);
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => OutcomesFile.EnsureGradable(folder)).Message);
    }
}
