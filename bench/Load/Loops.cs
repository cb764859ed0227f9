using System.Collections.Concurrent;
using System.Diagnostics;

namespace Countersign.Load.Bench;

/// <summary>The two ways to load a server. All connections are open before anything is asked: opening them is not what is measured.</summary>
internal static class Loops
{
    /// <summary>Each connection asks again as soon as it is answered, for a time or for a number of requests in all.</summary>
    public static Tally Closed(int port, Question question, int connections, TimeSpan time, int most = int.MaxValue)
    {
        int asked = 0;
        long begin = 0;
        return OnThreads(connections, port, question, () => begin = Stopwatch.GetTimestamp(), (client, tally) =>
        {
            while (Stopwatch.GetElapsedTime(begin) < time && Interlocked.Increment(ref asked) <= most && tally.Wrong < 100) client.Ask(tally, Stopwatch.GetTimestamp());
        });
    }

    /// <summary>Requests begin on schedule, whatever became of the earlier ones; a request that finds no free connection waits, and its waiting counts.</summary>
    public static Tally Open(int port, Question question, int connections, int rate, TimeSpan time)
    {
        using var due = new BlockingCollection<long>();
        var schedule = new Thread(() => Schedule(due, rate, time)) { IsBackground = true };
        var tally = OnThreads(connections, port, question, schedule.Start, (client, tally) =>
        {
            foreach (long since in due.GetConsumingEnumerable()) client.Ask(tally, since);
        });
        schedule.Join();
        return tally;
    }

    private static void Schedule(BlockingCollection<long> due, int rate, TimeSpan time)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < rate * time.TotalSeconds; i++)
        {
            var wait = TimeSpan.FromSeconds((double)i / rate) - Stopwatch.GetElapsedTime(begin);
            if (wait > TimeSpan.Zero) Thread.Sleep(wait);
            due.Add(Stopwatch.GetTimestamp());
        }

        due.CompleteAdding();
    }

    private static Tally OnThreads(int count, int port, Question question, Action begin, Action<Client, Tally> run)
    {
        using var open = new Barrier(count, _ => begin());
        var tallies = Enumerable.Range(0, count).Select(static _ => new Tally()).ToArray();
        var threads = tallies.Select(tally => new Thread(
            () =>
            {
                using var client = new Client(port, question);
                client.Open();
                open.SignalAndWait();
                run(client, tally);
            },
            256 * 1024)).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        var all = new Tally();
        foreach (var tally in tallies) all.Merge(tally);
        return all;
    }
}
