using Countersign.Cascade.Answers;
using Countersign.Protocol.Chat;
using Countersign.Replay.Recording;
using Countersign.Replay.Results;
using Countersign.Replay.Scoring;
using static Countersign.Replay.Tests.Local.LocalSet;

namespace Countersign.Replay.Tests.Local;

/// <summary>Our own engine's recorded drafts: what they are, what the gates make of them, and that they can be recorded again.</summary>
public sealed class LocalSetTests
{
    public static TheoryData<string> Names => [.. Rows.Load(Places.LocalRows).Select(row => row.Name)];

    [Fact]
    public void Set_IsWhole_AndSometimesRight()
    {
        Assert.InRange(Questions.Count, 60, 100);
        Assert.Equal(Questions.Count * 4, Lines.Count);
        Assert.All(Questions, question => Assert.True(IsRight(question.Id, OutcomesFile.Reference)));
        Assert.All(Drafters, drafter => Assert.InRange(Questions.Count(question => IsRight(question.Id, drafter)), 30, 60));
        Assert.Contains(Questions, question => Answer(question.Id, Drafters[1]) != Answer(question.Id, Drafters[2]));
    }

    [Fact]
    public void Grader_OnEveryRecordedAnswer_SaysWhatIsRecorded() =>
        Assert.Equal(new GraderCheck(Lines.Count, Lines.Count), Scorer.Load(Folder, LocalSet.Load()).Check([.. Drafters, OutcomesFile.Reference]));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Row_Replayed_ShowsWhatIsCommitted_AndIsWorthItsDrafts(string name)
    {
        using var scene = new Scene();
        var result = (await scene.LocalAsync(name)).Result;
        var committed = RowResult.Read(Path.Combine(Places.Results, ResultsTable.FileName(name)));

        Assert.Equal((committed.Route, committed.Counts, committed.Grader), (result.Route, result.Counts, result.Grader));
        Assert.Equal(committed.Alone, result.Alone);
        Assert.Equal((0, 0, 0, result.Questions), (result.Counts.Failed, result.Counts.Unmatched, result.Counts.Ungraded, result.Counts.Accepted + result.Counts.Escalated));
        Assert.True(result.Reached);
        Assert.True(result.Route.CostShare.Value < 1, $"{result.Route.CostShare}");
        Assert.All(result.Alone.Where(alone => alone.Name != OutcomesFile.Reference), drafter => Assert.True(result.Route.Accuracy.Value > drafter.Accuracy.Value, $"{drafter}"));
    }

    /// <summary>A greedy draft that both others confirm is right far more often than one that they do not: the 95 % intervals lie apart.</summary>
    [Fact]
    public void Agreement_RanksDraftsBetterThanChance()
    {
        var confirmed = Questions.ToLookup(question => Drafters.Select(drafter => Canonical(question.Task, Answer(question.Id, drafter))).Distinct().Count() == 1, question => IsRight(question.Id, Drafters[0]));
        var (agreed, split) = (Share(confirmed[true]), Share(confirmed[false]));
        Assert.True(agreed.Low > split.High, $"agreed {agreed}, not agreed {split}");
    }

    [Fact]
    public async Task Recording_OfSomeQuestionsAgain_GivesTheSameLines()
    {
        var some = Questions.Where((_, index) => index % 11 == 3).ToList();
        var answers = await Recorder.RecordAsync(some, Path.Combine(Scene.LocalFolder, "record.yaml"), _ => { }, TestContext.Current.CancellationToken);
        string[] ids = [.. some.Select(question => question.Id)];
        var recorded = File.ReadLines(Path.Combine(Folder, "outcomes.jsonl")).Where(line => ids.Any(id => line.StartsWith($"{{\"id\":\"{id}\",", StringComparison.Ordinal)));
        Assert.Equal(string.Concat(recorded.Select(line => line + "\n")), OutcomesFile.Write(Folder, answers));
    }

    private static string? Canonical(string task, string text)
    {
        string by = task switch { "numbers" => "number", "choices" => "choice", "fields" => "json", _ => "exact" };
        return Normalisers.Find(by)!.Canonical(new ChatAnswer { Choices = [new ChatChoice { Index = 0, Text = text }] }, tools: [], field: null);
    }

    private static Interval Share(IEnumerable<bool> rights) => Interval.Percent(rights.Count(isRight => isRight), rights.Count());
}
