using System.IO.MemoryMappedFiles;

namespace Countersign.Engine.Gguf;

/// <summary>A file mapped read-only into memory. The pointer lives until <see cref="Dispose"/>.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;

    private MappedFile(string path, MemoryMappedFile map, MemoryMappedViewAccessor view, long length)
    {
        (Path, this.map, this.view, Length) = (path, map, view, length);
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Pointer = pointer + view.PointerOffset;
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public byte* Pointer { get; private set; }

    public long Length { get; }

    /// <summary>Maps the file. An empty, missing or unreadable file is a <see cref="GgufException"/>.</summary>
    public static MappedFile Open(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            if (length == 0) throw new GgufException(path, "the file is empty.");
            var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            return new MappedFile(path, map, map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read), length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GgufException(path, $"cannot be opened: {exception.Message}");
        }
    }

    public void Dispose()
    {
        if (Pointer is null) return;
        Pointer = null;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }
}
