using System.Security.Cryptography;

namespace Countersign.Gateway.Ledger.Journal;

/// <summary>The files of journals beside a ledger: each process has its own.</summary>
/// <param name="ledger">The ledger's file.</param>
internal sealed class JournalFiles(string ledger)
{
    private const string Mark = ".settled-";

    /// <summary>A new page of this process.</summary>
    public JournalPage NewPage() => new($"{ledger}{Mark}{RandomNumberGenerator.GetHexString(12, lowercase: true)}");

    /// <summary>Hands over what processes left that are no more, file by file, and deletes each file once <paramref name="apply"/> has returned.</summary>
    public void Recover(Action<ReadOnlySpan<byte>> apply)
    {
        foreach (string path in Paths())
        {
            if (TryRead(path, apply)) JournalPage.Delete(path);
        }
    }

    /// <summary>Hands it over and leaves the files, for a transaction that may still fail.</summary>
    public void Read(Action<ReadOnlySpan<byte>> apply)
    {
        foreach (string path in Paths()) TryRead(path, apply);
    }

    private string[] Paths() => [.. Directory.EnumerateFiles(Path.GetDirectoryName(ledger)!, $"{Path.GetFileName(ledger)}{Mark}*").Order(StringComparer.Ordinal)];

    private static bool TryRead(string path, Action<ReadOnlySpan<byte>> apply)
    {
        using var file = Lock(path);
        if (file is null) return false;
        byte[] records = new byte[file.Length];
        file.ReadExactly(records);
        if (records.Length > 0) apply(records);
        return true;
    }

    /// <summary>The file, or <c>null</c> where its process lives, or another is recovering it, or it is not ours to write: who only reads reports leaves it to who may.</summary>
    private static FileStream? Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
