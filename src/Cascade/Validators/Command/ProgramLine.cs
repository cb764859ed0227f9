using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Command;

/// <summary>A program and its arguments, as a configuration names them. It runs in an empty folder, so relative paths must be made full before.</summary>
internal static class ProgramLine
{
    /// <summary>The line with full paths. The program is looked up in <c>PATH</c>, or with a slash in it from <paramref name="folder"/>; arguments that begin with <c>./</c> or <c>../</c>,
    /// or are the name of a file in <paramref name="folder"/>, start from there.</summary>
    /// <param name="run">The program and its arguments.</param>
    /// <param name="folder">The folder of the configuration.</param>
    /// <exception cref="ProblemException">The program, or a file that begins with <c>./</c> or <c>../</c>, is not there.</exception>
    public static IReadOnlyList<string> Resolve(IReadOnlyList<string> run, string folder) => [ProgramAt(run[0], folder), .. run.Skip(1).Select(argument => ArgumentAt(argument, folder))];

    private static string ProgramAt(string program, string folder)
    {
        if (Path.GetFileName(program) == program)
        {
            string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
            if (folders.Any(place => MayRun(Path.Combine(place, program)))) return program;
            throw ProblemException.Invalid($"There is no program '{program}' in PATH. Install it, or write ./{program} if it is in the configuration's folder.", "run");
        }

        string path = Path.GetFullPath(program, folder);
        return MayRun(path) ? path : throw ProblemException.Invalid(File.Exists(path) ? $"'{path}' may not be run: chmod +x makes it a program." : $"There is no program '{path}'.", "run");
    }

    private static string ArgumentAt(string argument, string folder)
    {
        bool isPath = argument.StartsWith("./", StringComparison.Ordinal) || argument.StartsWith("../", StringComparison.Ordinal);
        string path = Path.Combine(folder, argument);
        if (isPath && !Path.Exists(path)) throw ProblemException.Invalid($"There is no file '{Path.GetFullPath(path)}'.", "run");
        return isPath || File.Exists(path) ? Path.GetFullPath(path) : argument;
    }

    private static bool MayRun(string path)
    {
        if (OperatingSystem.IsWindows()) return File.Exists(path) || File.Exists($"{path}.exe");
        return File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
    }
}
