using System.ComponentModel;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Command;

/// <summary>Options of <c>command</c>.</summary>
public sealed record CommandOptions
{
    /// <summary>The program and its arguments. No shell reads them. It runs in an empty folder of its own; see <see cref="ProgramLine"/> for what relative paths mean.</summary>
    [Description("The program and its arguments, such as [python3, check.py]. No shell reads them. A program is looked up in PATH; paths that begin with ./ or ../, and arguments that are the name of a file in the configuration's folder, start from that folder. The program itself runs in an empty folder.")]
    public required IReadOnlyList<string> Run { get; set; }

    /// <summary>How long it may run.</summary>
    [Description("How long it may run.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most memory, as address space, in MiB.</summary>
    [Description("The most memory of each of its processes, as address space, in MiB.")]
    public int MemoryMb { get; set; } = 1024;

    /// <summary>The largest file that it may write, in MiB.</summary>
    [Description("The largest file that it may write, in MiB. Its folder is removed afterwards.")]
    public int MaxFileMb { get; set; } = 256;

    /// <summary>The most output, in bytes.</summary>
    [Description("The most output, in bytes; a program that writes more is stopped.")]
    public int MaxOutputBytes { get; set; } = 64 * 1024;

    /// <summary>Whether it may use the network.</summary>
    [Description("Whether it may use the network.")]
    public bool Network { get; set; }

    /// <summary>How many run at once.</summary>
    [Description("How many run at once; further drafts wait.")]
    public int Parallel { get; set; } = Math.Max(1, Environment.ProcessorCount);

    internal void Check()
    {
        if (Run.Count == 0 || Run[0].Length == 0) throw ProblemException.Invalid("A command needs a program.", "run");
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromHours(1)) throw ProblemException.Invalid("It must be above zero and at most an hour.", "timeout");
        if (MemoryMb < 16) throw ProblemException.Invalid("No program starts in less than 16 MiB.", "memory_mb");
        if (MaxFileMb < 0) throw ProblemException.Invalid("It must be at least 0.", "max_file_mb");
        if (MaxOutputBytes < 1) throw ProblemException.Invalid("It must be at least 1.", "max_output_bytes");
        if (Parallel < 1) throw ProblemException.Invalid("It must be at least 1.", "parallel");
    }
}
