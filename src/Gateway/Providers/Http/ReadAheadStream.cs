using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace Countersign.Gateway.Providers.Http;

/// <summary>A connection to an upstream that takes all that has come with one call of the system. <c>HttpClient</c> asks for 4 KB at a time, and no option says otherwise;
/// a burst of a stream's chunks then costs a receive, an event and a send for every 4 KB. One read at a time, as <c>HttpClient</c> has it;
/// a read that waits is the connection's own, and this its source of values: an async method would be resumed in between for every chunk.</summary>
[SuppressMessage("Reliability", "CA2012", Justification = "It is a source of values itself: it hands on when the connection's own is there, and asks it once.")]
internal sealed class ReadAheadStream : Stream, IValueTaskSource<int>
{
    private const int Ahead = 32 * 1024;

    private readonly Stream connection;
    private readonly Action goOn;
    private byte[] buffer = [];
    private int start, end;
    private short read;
    private ValueTask<int> filling;
    private Memory<byte> awaited;
    private (Action<object?> Call, object? State, ExecutionContext? Context) next;

    /// <param name="connection">The connection, in the clear. Owned.</param>
    public ReadAheadStream(Stream connection) => (this.connection, goOn) = (connection, GoOn);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (start < end) return new(Take(destination.Span));
        if (destination.IsEmpty || destination.Length >= Ahead) return connection.ReadAsync(destination, cancellationToken);
        (filling, awaited) = (connection.ReadAsync(Room(), cancellationToken), destination);
        if (!filling.IsCompleted) return new(this, read);
        if (filling.IsCompletedSuccessfully) return new(TakeFilled());
        var failed = filling;
        (filling, awaited) = (default, default);
        return failed;
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) =>
        !Known(token).IsCompleted ? ValueTaskSourceStatus.Pending
        : filling.IsCompletedSuccessfully ? ValueTaskSourceStatus.Succeeded
        : filling.IsCanceled ? ValueTaskSourceStatus.Canceled : ValueTaskSourceStatus.Faulted;

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        var waiting = Known(token);
        bool flows = flags.HasFlag(ValueTaskSourceOnCompletedFlags.FlowExecutionContext);
        next = (continuation, state, flows ? ExecutionContext.Capture() : null);
        if (flags.HasFlag(ValueTaskSourceOnCompletedFlags.UseSchedulingContext)) waiting.GetAwaiter().OnCompleted(goOn);
        else waiting.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(goOn);
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        _ = Known(token);
        read++;
        return TakeFilled();
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

    private ValueTask<int> Known(short token) => token == read ? filling : throw new InvalidOperationException("A read's result is there once.");

    private void GoOn()
    {
        var (call, state, context) = next;
        next = default;
        if (context is null) call(state);
        else ExecutionContext.Run(context, _ => call(state), null);
    }

    private int TakeFilled()
    {
        var (filled, destination) = (filling, awaited);
        (filling, awaited, start, end) = (default, default, 0, 0); // A source of values is asked once, also where it throws.
        end = filled.GetAwaiter().GetResult();
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
