using Countersign.Replay.Results;
using Countersign.Tests;

namespace Countersign.Replay.Tests.Results;

public sealed class ResultsTests
{
    private static readonly IReadOnlyList<Row> Recorded = Rows.Load(Places.Rows), Local = Rows.Load(Places.LocalRows);

    private static string Folder => Path.Combine(SharedData.RepositoryRoot, "bench", "results");

    [Fact]
    public void Document_HasTheTablesOfTheCommittedResults()
    {
        string document = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "replay.md"));
        Assert.Equal(ResultsTable.PutInto(document, ResultsTable.Recorded, ResultsTable.Read(Folder, Recorded)), document);
        Assert.Equal(ResultsTable.PutInto(document, ResultsTable.Local, ResultsTable.Read(Folder, Local)), document);
    }

    [Fact]
    public void EveryRow_HasACommittedResultOfWholeSetsThatReachesItsGoal()
    {
        IReadOnlyList<Row> rows = [.. Recorded, .. Local];
        var results = ResultsTable.Read(Folder, rows);
        Assert.Equal(rows.Select(row => row.Name), results.Select(result => result.Row));
        Assert.All(results, result =>
        {
            Assert.True(result.Reached, result.Row);
            Assert.True(result.Goal.IsReachedBy(result.Route.Accuracy.Value, result.StrongAlone.Accuracy.Value, result.Route.CostShare.Value));
            Assert.Equal((0, 0, 0), (result.Counts.Failed, result.Counts.Unmatched, result.Counts.Ungraded));
            Assert.True(result.Grader is null || result.Grader.Graded == result.Grader.Agreed);
        });
    }

    [Fact]
    public void Interval_OfAShare_IsWilsons()
    {
        var interval = Interval.Percent(81, 263); // The example of R. G. Newcombe, Statistics in Medicine 17 (1998): 0.2553 to 0.3662.
        Assert.Equal((30.8, 25.53, 36.62), (Math.Round(interval.Value, 1), Math.Round(interval.Low, 2), Math.Round(interval.High, 2)));
    }

    [Fact]
    public void Interval_OfARatioThatIsConstant_HasNoWidth() =>
        Assert.Equal(new Interval(0.5, 0.5, 0.5), Interval.Ratio([1, 2, 3], [2, 4, 6]));

    [Fact]
    public void Interval_OfEqualAnswers_IsZero() =>
        Assert.Equal(new Interval(0, 0, 0), Interval.Points([true, false], [true, false]));
}
