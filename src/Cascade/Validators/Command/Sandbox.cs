using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Countersign.Cascade.Validators.Command;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Problem">Why it did not end by itself; <c>null</c> where it did.</param>
internal sealed record ProgramResult(int ExitCode, byte[] Output, byte[] Error, string? Problem = null);

/// <summary>Runs a program within limits: time, output, an environment without the server's secrets, an empty folder of its own, gone afterwards. On Linux also memory, the size of files
/// and no core dumps (<c>prlimit</c>), a session of its own that is killed as a whole (<c>setsid</c>), and where unprivileged user namespaces work (<c>unshare</c>) no network, no process that
/// outlives it, and no more than so many at once.
/// It reads what the server's user can read: a limit for programs that somebody chose, running code that a model wrote; no jail for hostile programs.</summary>
internal static class Sandbox
{
    private const int SigKill = 9;

    // The system counts a user's processes, threads too: only in a namespace of its own are they this program's alone. Not kept where the server runs as root.
    private static readonly string ProcessLimit = $"--nproc={ResourceLimits.AtMost(1024, "Max processes", ResourceLimits.Read())}";
    private static readonly Lazy<bool> CanUnshare = new(TryUnshare);

    public static string Describe(CommandOptions options) =>
        $"at most {options.Timeout.TotalSeconds:0.#} s{(OperatingSystem.IsLinux() ? $", {options.MemoryMb} MiB" : "")}, " +
        (options.Network ? "with network" : CanUnshare.Value ? "without network" : "network cannot be cut off on this machine");

    public static async Task<ProgramResult> RunAsync(CommandOptions options, byte[] input, TimeProvider time, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("countersign-").FullName;
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var process = new Process { StartInfo = StartInfo(options, folder) };
            process.Start();
            await using var killing = stop.Token.Register(() => Kill(process));
            try
            {
                return await ProgramPipes.RunAsync(process, input, options.MaxOutputBytes, stop.Token);
            }
            finally
            {
                Kill(process);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProgramResult(-1, [], [], $"was stopped after {options.Timeout.TotalSeconds:0.#} s.");
        }
        catch (Win32Exception)
        {
            return new ProgramResult(-1, [], [], "cannot be started: it is not there, or may not be run.");
        }
        finally
        {
            Remove(folder);
        }
    }

    private static ProcessStartInfo StartInfo(CommandOptions options, string folder)
    {
        string[] line = [.. Wrapping(options), .. options.Run];
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string? path = start.Environment["PATH"];
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["HOME"] = start.Environment["TMPDIR"] = folder;
        return start;
    }

    private static string[] Wrapping(CommandOptions options)
    {
        if (!OperatingSystem.IsLinux()) return [];
        string own = ResourceLimits.Read();
        long memory = ResourceLimits.AtMost((long)options.MemoryMb << 20, "Max address space", own), file = ResourceLimits.AtMost((long)options.MaxFileMb << 20, "Max file size", own);
        string[] limits = ["prlimit", $"--as={memory}", $"--fsize={file}", "--core=0"];
        if (!CanUnshare.Value) return ["setsid", .. limits];
        return options.Network ? ["setsid", .. Namespaces, .. limits, ProcessLimit] : ["setsid", .. Namespaces, "--net", .. limits, ProcessLimit];
    }

    private static string[] Namespaces => ["unshare", "--user", "--map-current-user", "--pid", "--fork", "--kill-child"];

    private static bool TryUnshare()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Namespaces[0], [.. Namespaces.Skip(1), "--net", "prlimit", ProcessLimit, "true"]) { RedirectStandardError = true });
            return process!.WaitForExit(5000) && process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    // setsid made the process the leader of a group with its own number: the group goes as a whole.
    private static void Kill(Process process)
    {
        try
        {
            if (OperatingSystem.IsLinux()) _ = SendSignal(-process.Id, SigKill);
            else if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file that the program made unreadable stays in the system's temporary folder.
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
