using Microsoft.Win32.SafeHandles;

namespace Countersign.Gateway.Ledger.Journal;

/// <summary>Records that the ledger's tables do not have yet, in a file and in memory alike. What <see cref="Append"/> took survives the death of the process: the system has it.
/// The file is locked while its process lives. Not thread-safe.</summary>
/// <param name="path">The file, made with the first record.</param>
internal sealed class JournalPage(string path) : IDisposable
{
    private const int FewestBytes = 64 * 1024, KeptBytes = 1024 * 1024;

    private SafeFileHandle? file;
    private byte[] bytes = [];
    private int length;

    /// <summary>Its records with their frames.</summary>
    public ReadOnlySpan<byte> Records => bytes.AsSpan(0, length);

    public bool IsEmpty => length == 0;

    /// <summary>Takes a record.</summary>
    /// <exception cref="IOException">It cannot be written; the page is as it was.</exception>
    public void Append(ReadOnlySpan<byte> framed)
    {
        Write(framed); // What a failed write left behind is written over, or its check sum is wrong.
        if (length + framed.Length > bytes.Length) Array.Resize(ref bytes, Math.Max(Math.Max(FewestBytes, 2 * bytes.Length), length + framed.Length));
        framed.CopyTo(bytes.AsSpan(length));
        length += framed.Length;
    }

    /// <summary>Takes room for a record of so many bytes, to see whether there is any: zeros, which are no record and are written over.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public void MakeRoom(int bytes) => Write(new byte[bytes]);

    /// <summary>Forgets its records: the tables have them.</summary>
    public void Clear()
    {
        if (IsEmpty) return;
        RandomAccess.SetLength(file!, 0);
        length = 0;
        if (bytes.Length > KeptBytes) bytes = [];
    }

    /// <summary>Deletes the file of a page of which the tables have everything. Where that fails nothing is lost: a record that is found again is not written again.</summary>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next process tries again.
        }
    }

    /// <summary>Lets go of the file; an empty one is deleted, another is left to the next process.</summary>
    public void Dispose()
    {
        if (file is null) return;
        file.Dispose();
        if (IsEmpty) Delete(path);
    }

    private void Write(ReadOnlySpan<byte> data)
    {
        file ??= File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        RandomAccess.Write(file, data, length);
    }
}
