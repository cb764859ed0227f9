namespace Countersign.Engine.Kernels;

/// <summary>The engine's own threads. Work is handed out in chunks to whoever is free; a worker without work spins briefly,
/// then yields, then sleeps. The calling thread works too. Only one thread may call <see cref="Run"/>.</summary>
internal sealed class ComputePool : IDisposable
{
    private const int MaxChunks = (1 << 20) - 1;
    private const int SpinsBeforeYield = 400;
    private const int YieldsBeforeSleep = 60;

    private readonly Thread[] workers;
    private readonly SemaphoreSlim wake = new(0);
    private Action<int, int> work = static (_, _) => { };
    private long ticket; // generation (24 bits), chunk count (20), next chunk (20): taken by compare-and-swap, so that a late worker never takes a stale chunk
    private int done;
    private int sleeping;
    private volatile bool stopping;
    private Exception? failure;

    public ComputePool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            int worker = i + 1;
            workers[i] = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"engine-{worker}" };
            workers[i].Start();
        }
    }

    public int Threads => workers.Length + 1;

    /// <summary>Calls <paramref name="action"/> with every chunk number below <paramref name="chunks"/> and the number of the
    /// thread that runs it; returns when all are done.</summary>
    public void Run(int chunks, Action<int, int> action)
    {
        if (workers.Length == 0 || chunks <= 1)
        {
            for (int chunk = 0; chunk < chunks; chunk++) action(chunk, 0);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunks, MaxChunks);
        work = action;
        Volatile.Write(ref done, 0);
        long generation = ((ticket >> 40) + 1) & 0xFFFFFF;
        Interlocked.Exchange(ref ticket, (generation << 40) | ((long)chunks << 20));
        int asleep = Volatile.Read(ref sleeping);
        if (asleep > 0) wake.Release(asleep);
        while (TakeChunk(0)) { }
        var spinner = new SpinWait();
        for (int spins = 0; Volatile.Read(ref done) < chunks; spins++)
        {
            if (spins < SpinsBeforeYield) Thread.SpinWait(8);
            else spinner.SpinOnce(sleep1Threshold: -1);
        }

        if (failure is { } exception)
        {
            failure = null;
            throw new AggregateException(exception);
        }
    }

    public void Dispose()
    {
        stopping = true;
        if (workers.Length > 0) wake.Release(workers.Length);
        foreach (Thread worker in workers) worker.Join();
        wake.Dispose();
    }

    private bool TakeChunk(int worker)
    {
        long seen = Volatile.Read(ref ticket);
        int chunk = (int)(seen & MaxChunks);
        if (chunk >= (int)((seen >> 20) & MaxChunks)) return false;
        if (Interlocked.CompareExchange(ref ticket, seen + 1, seen) != seen) return true;
        try
        {
            work(chunk, worker);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        Interlocked.Increment(ref done);
        return true;
    }

    private void Loop(int worker)
    {
        for (int idle = 0; !stopping; idle++)
        {
            if (TakeChunk(worker)) idle = 0;
            else if (idle < SpinsBeforeYield) Thread.SpinWait(8);
            else if (idle < SpinsBeforeYield + YieldsBeforeSleep) Thread.Yield();
            else
            {
                Sleep();
                idle = 0;
            }
        }
    }

    private void Sleep()
    {
        Interlocked.Increment(ref sleeping);
        long seen = Volatile.Read(ref ticket);
        if ((seen & MaxChunks) >= ((seen >> 20) & MaxChunks) && !stopping) wake.Wait();
        Interlocked.Decrement(ref sleeping);
    }
}
