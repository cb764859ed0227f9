using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Load.Bench;

/// <summary>A server that runs as a child process, in a folder of its own that goes with it.</summary>
internal abstract class Server : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("load-bench-");
    private Process? process;

    protected Server()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    public abstract string Name { get; }

    public int Port { get; }

    public int Id => process!.Id;

    protected string Folder => folder.FullName;

    /// <summary>Starts it and waits for the first right answer; the time from start to that.</summary>
    public TimeSpan Start()
    {
        var start = Command();
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        long begin = Stopwatch.GetTimestamp();
        process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, line) => { if (line.Data is { Length: > 0 } text) Console.Error.WriteLine(text); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var tally = new Tally();
        using var client = new Client(Port, Question.Chat("bench"));
        while (tally.Right == 0)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(begin) > Patience) throw new InvalidOperationException($"{Name} does not answer: {tally.FirstFault}");
            client.Ask(tally, Stopwatch.GetTimestamp());
            if (tally.Right == 0) Thread.Sleep(TimeSpan.FromMilliseconds(2));
        }

        return Stopwatch.GetElapsedTime(begin);
    }

    /// <summary>Ends the process; it may be started again.</summary>
    public void Stop()
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    public void Dispose()
    {
        Stop();
        folder.Delete(recursive: true);
    }

    /// <summary>How it is started; its files go to <see cref="Folder"/>.</summary>
    protected abstract ProcessStartInfo Command();
}
