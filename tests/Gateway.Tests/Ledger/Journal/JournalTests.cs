using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Journal;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Protocol.Problems;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Tests.Ledger.Journal;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Records_LeftByADeadProcess_AreWrittenOnce()
    {
        byte[] first = Framed(Sample.Escalated("r1")), second = Framed(Sample.Plain("r2")), cut = Framed(Sample.Plain("r3"))[..^1];
        await using (var ledger = Open()) ledger.Settle(Sample.Escalated("r1")); // Its process had written it and died before it could say so in the journal.
        File.WriteAllBytes(folder.File("ledger.db.settled-dead"), [.. first, .. second, .. cut]);

        await using var next = Open();

        Assert.Equal(2, (await GetAsync(next, "r1")).Attempts.Count);
        Assert.Single((await GetAsync(next, "r2")).Attempts);
        Assert.False(next.Has("r3"));
        Assert.False(File.Exists(folder.File("ledger.db.settled-dead")));
    }

    [Fact]
    public async Task Journal_OfALivingProcess_IsLeftToIt()
    {
        using var page = new JournalFiles(folder.File("ledger.db")).NewPage();
        page.Append(Framed(Sample.Plain("r1")));

        await using var ledger = Open();

        Assert.False(ledger.Has("r1"));
        Assert.Single(Journals());
    }

    [Fact]
    public async Task Tables_ThatAnotherProcessHolds_KeepNoRequestWaiting()
    {
        await using var ledger = Open();
        using (var other = new SqliteConnection($"Data Source={ledger.Path};Pooling=False"))
        {
            other.Open();
            Run(other, "BEGIN IMMEDIATE");
            for (int i = 0; i < 100; i++) ledger.Settle(Sample.Plain($"r{i}"));
            Run(other, "ROLLBACK");
        }

        for (int i = 0; i < 100; i++) Assert.True(ledger.Has($"r{i}"));
        Assert.Null(ledger.Trouble);
    }

    [Fact]
    public async Task Tables_ThatCannotBeWritten_KeepTheRequestsInTheJournalUntilTheyCan()
    {
        await using var ledger = Open();
        using var other = new SqliteConnection($"Data Source={ledger.Path};Pooling=False");
        other.Open();
        Run(other, "ALTER TABLE requests RENAME TO away");
        ledger.Settle(Sample.Plain("r1"));

        Assert.Throws<ProblemException>(() => ledger.Has("r1"));
        Assert.NotNull(ledger.Trouble);
        Run(other, "ALTER TABLE away RENAME TO requests");

        Assert.True(SpinWait.SpinUntil(() => ledger.Trouble is null, TimeSpan.FromSeconds(30)));
        Assert.True(ledger.Has("r1"));
        Assert.False(File.Exists(folder.File("ledger.db.refused")));
    }

    [Fact]
    public async Task Tables_ThatCouldNotBeWritten_AreWrittenByTheNextProcess()
    {
        using var other = new SqliteConnection($"Data Source={folder.File("ledger.db")};Pooling=False");
        await using (var ledger = Open())
        {
            other.Open();
            Run(other, "ALTER TABLE requests RENAME TO away");
            ledger.Settle(Sample.Plain("r1"));
        }

        Assert.Single(Journals());
        Run(other, "ALTER TABLE away RENAME TO requests");
        await using var next = Open();

        Assert.True(next.Has("r1"));
        Assert.Empty(Journals());
    }

    [Fact]
    public async Task Journal_ThatTakesNoRecord_RefusesRequestsUntilItDoes()
    {
        await using var ledger = Open();
        ledger.EnsureWritable();
        string there = Path.GetDirectoryName(ledger.Path)!, away = there + "-away";
        Directory.Move(there, away); // The first record makes the journal's file, for which there is no place now.

        Assert.Throws<ProblemException>(() => ledger.Settle(Sample.Plain("lost")));
        Assert.Equal(ProblemKind.Unavailable, Assert.Throws<ProblemException>(ledger.EnsureWritable).Problem.Kind);
        Assert.NotNull(ledger.Trouble);
        Directory.Move(away, there);

        Assert.Null(ledger.Trouble);
        ledger.EnsureWritable();
        ledger.Settle(Sample.Plain("kept"));
        Assert.True(ledger.Has("kept"));
        Assert.False(ledger.Has("lost"));
    }

    [Fact]
    public async Task Record_ThatNoTableTakes_IsKeptBesideAndNotInTheWay()
    {
        using var bad = new RowBuffer();
        bad.Add(SettledRows.Charge, "bad", "key", default(string), "2026-01-01", 0, true);
        bad.Add(SettledRows.Request, "bad");
        File.WriteAllBytes(folder.File("ledger.db.settled-dead"), [.. Framed(Sample.Plain("r1")), .. bad.Framed(), .. Framed(Sample.Plain("r2"))]);

        await using var ledger = Open();

        Assert.True(ledger.Has("r1") && ledger.Has("r2") && !ledger.Has("bad"));
        Assert.Equal(bad.Framed().ToArray(), File.ReadAllBytes(folder.File("ledger.db.refused")));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Sync_Set_IsWhatSqliteDoes(bool isDurable, long level)
    {
        await using var ledger = Open();
        using var connection = SqliteFile.Open(ledger.Path).Connect();
        var sync = new SqliteSync(connection);

        foreach (bool set in (bool[])[!isDurable, isDurable, !isDurable, isDurable]) sync.Set(set);

        using var statement = new SqliteStatement(connection, "PRAGMA synchronous");
        Assert.Equal(level, statement.Value());
    }

    private SqliteLedger Open() => SqliteLedger.Open(folder.File("ledger.db"), TimeProvider.System);

    private IEnumerable<string> Journals() => Directory.EnumerateFiles(Path.GetDirectoryName(folder.File("ledger.db"))!, "*.settled-*");

    private static Task<StoredRequest> GetAsync(SqliteLedger ledger, string id) => ledger.GetRequestAsync(id, Sample.Ann, TestContext.Current.CancellationToken);

    private static byte[] Framed(FinishedRequest finished)
    {
        using var rows = new RowBuffer();
        SettledRows.Write(finished, rows);
        return rows.Framed().ToArray();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var statement = new SqliteStatement(connection, sql);
        statement.Run();
    }
}
