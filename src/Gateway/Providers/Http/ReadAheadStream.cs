using System.Runtime.CompilerServices;

namespace Countersign.Gateway.Providers.Http;

/// <summary>A connection to an upstream that takes all that has come with one call of the system. <c>HttpClient</c> asks for 4 KB at a time, and no option says otherwise;
/// a burst of a stream's chunks then costs a receive, an event and a send for every 4 KB.</summary>
/// <param name="connection">The connection, in the clear. Owned.</param>
internal sealed class ReadAheadStream(Stream connection) : Stream
{
    private const int Ahead = 32 * 1024;

    private byte[] buffer = [];
    private int start, end;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (start < end) return new(Take(destination.Span));
        return destination.IsEmpty || destination.Length >= Ahead ? connection.ReadAsync(destination, cancellationToken) : FillAsync(destination, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] destination, int offset, int count, CancellationToken cancellationToken) => ReadAsync(destination.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> destination)
    {
        if (start == end && !destination.IsEmpty) (start, end) = (0, connection.Read(Room()));
        return Take(destination);
    }

    public override int Read(byte[] destination, int offset, int count) => Read(destination.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => connection.WriteAsync(source, cancellationToken);

    public override Task WriteAsync(byte[] source, int offset, int count, CancellationToken cancellationToken) => connection.WriteAsync(source, offset, count, cancellationToken);

    public override void Write(ReadOnlySpan<byte> source) => connection.Write(source);

    public override void Write(byte[] source, int offset, int count) => connection.Write(source, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override void Flush() => connection.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) connection.Dispose();
        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FillAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        (start, end) = (0, await connection.ReadAsync(Room(), cancellationToken));
        return Take(destination.Span);
    }

    private byte[] Room() => buffer.Length > 0 ? buffer : buffer = GC.AllocateUninitializedArray<byte>(Ahead);

    private int Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(destination);
        start += count;
        return count;
    }
}
