using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Protocol.Problems;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Tests.Ledger.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Open_NewFileInNewFolder_MakesBoth()
    {
        SqliteFile.Open(folder.File("a/b/ledger.db"));

        Assert.True(File.Exists(folder.File("a/b/ledger.db")));
    }

    [Fact]
    public void Open_WrittenByANewerVersion_IsRefused()
    {
        SqliteFile.Open(folder.File("ledger.db"));
        Run("ledger.db", "PRAGMA user_version = 4711");

        Assert.Contains("schema version 4711", Refused("ledger.db"));
    }

    [Fact]
    public void Open_OfAnotherProgram_IsRefusedAndLeftAlone()
    {
        Run("photos.db", "CREATE TABLE photos (id INTEGER)");
        byte[] before = File.ReadAllBytes(folder.File("photos.db"));

        Assert.Contains("another program", Refused("photos.db"));
        Assert.Equal(before, File.ReadAllBytes(folder.File("photos.db")));
    }

    [Fact]
    public void Open_NoDatabase_IsRefused()
    {
        File.WriteAllText(folder.File("notes.txt"), new string('x', 5000));

        Assert.Contains("cannot be opened", Refused("notes.txt"));
    }

    [Fact]
    public void Open_BehindAFile_IsRefused()
    {
        File.WriteAllText(folder.File("file"), "");

        Assert.Contains("cannot be opened", Refused("file/ledger.db"));
    }

    private string Refused(string name)
    {
        var refused = Assert.Throws<ProblemException>(() => SqliteFile.Open(folder.File(name)));
        Assert.Equal(ProblemKind.Internal, refused.Problem.Kind);
        return refused.Message;
    }

    private void Run(string name, string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={folder.File(name)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
