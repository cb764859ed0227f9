using System.Globalization;
using System.Reflection;
using Countersign.Protocol.Problems;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>The ledger's file: opens connections to it and brings it to this version's schema.</summary>
internal sealed class SqliteFile
{
    /// <summary>Written into the file's header, so that another program's file is not mistaken for a ledger ("Csgn").</summary>
    private const int ApplicationId = 0x4373676E;

    /// <summary>How long a connection waits for another process's transaction.</summary>
    private const int BusyMilliseconds = 10_000;

    private readonly string writing, reading;

    private SqliteFile(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        writing = new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString();
        reading = new SqliteConnectionStringBuilder { DataSource = Path }.ToString();
    }

    /// <summary>A file that nobody writes, so that SQLite needs no files beside it.</summary>
    private SqliteFile(SqliteFile still)
    {
        Path = still.Path;
        writing = reading = new SqliteConnectionStringBuilder { DataSource = $"{new Uri(Path).AbsoluteUri}?immutable=1", Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Opens the file, or makes it where it is missing, and migrates it.</summary>
    /// <exception cref="ProblemException">It cannot be opened, is no ledger, or was written by a newer version.</exception>
    public static SqliteFile Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        return new SqliteFile(path).Opened();
    }

    /// <summary>The same for one that is to be read: where its folder cannot be written, it is read as it is. Then no server has it open, or SQLite's files would be there.</summary>
    /// <exception cref="ProblemException">It cannot be opened, is no ledger, or was written by another version.</exception>
    public static SqliteFile OpenToRead(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var file = new SqliteFile(path);
        try
        {
            return file.Opened();
        }
        catch (ProblemException exception) when (NeedsFolder(exception.InnerException) && !File.Exists(file.Path + "-wal"))
        {
            return new SqliteFile(file).Opened();
        }
    }

    /// <summary>A connection that reads and writes; every commit is on disk before it returns, unless <see cref="SqliteSync"/> says otherwise.</summary>
    public SqliteConnection Connect() => Connect(writing, "PRAGMA synchronous = FULL");

    /// <summary>A connection that only reads, from the pool. It blocks nobody.</summary>
    public SqliteConnection ConnectToRead() => Connect(reading, "PRAGMA query_only = ON");

    /// <summary>Closes the connections that were kept for reuse.</summary>
    public void ClosePool()
    {
        using var connection = new SqliteConnection(reading);
        SqliteConnection.ClearPool(connection);
    }

    private SqliteFile Opened()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            using var connection = Connect();
            Migrate(connection);
            return this;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw Unusable($"cannot be opened: {exception.Message}{(NeedsFolder(exception) ? " It must be readable, and its folder writable." : "")}", exception);
        }
    }

    /// <summary>Whether SQLite may have failed for want of the files that it keeps beside the ledger.</summary>
    private static bool NeedsFolder(Exception? exception) => exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_READONLY };

    private static SqliteConnection Connect(string connectionString, string pragma)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        Run(connection, $"PRAGMA busy_timeout = {BusyMilliseconds}; {pragma}");
        return connection;
    }

    private void Migrate(SqliteConnection connection)
    {
        var migrations = ReadMigrations();
        if (Check(connection, migrations.Count) == migrations.Count) return;
        Run(connection, "PRAGMA journal_mode = WAL");
        Run(connection, "BEGIN IMMEDIATE");
        int version = Check(connection, migrations.Count); // Another process may have been faster.
        foreach (string sql in migrations.Skip(version)) Run(connection, sql);
        Run(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {migrations.Count}; COMMIT");
    }

    private int Check(SqliteConnection connection, int newest)
    {
        int version = Number(connection, "PRAGMA user_version"), application = Number(connection, "PRAGMA application_id");
        bool isEmpty = Number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!isEmpty && application != ApplicationId) throw Unusable("is a database of another program. Name another file under 'ledger'.");
        if (version > newest) throw Unusable($"has schema version {version}, and this version of Countersign knows {newest}. Use the newer Countersign that wrote it, or another file.");
        return version;
    }

    private ProblemException Unusable(string why, Exception? cause = null) => new(new Problem(ProblemKind.Internal, $"The ledger '{Path}' {why}"), cause);

    private static List<string> ReadMigrations()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        })];
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var statement = new SqliteStatement(connection, sql);
        statement.Run();
    }

    private static int Number(SqliteConnection connection, string sql)
    {
        using var statement = new SqliteStatement(connection, sql);
        return Convert.ToInt32(statement.Value(), CultureInfo.InvariantCulture);
    }
}
