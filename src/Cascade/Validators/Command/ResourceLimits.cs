using System.Globalization;

namespace Countersign.Cascade.Validators.Command;

/// <summary>The hard limits that this process runs under, as Linux tells them in <c>/proc/self/limits</c> (proc_pid_limits(5)). Only root may go above them: for others <c>prlimit</c> fails.</summary>
internal static class ResourceLimits
{
    /// <summary><paramref name="wanted"/>, or what is allowed where that is less.</summary>
    /// <param name="wanted">What is wanted, in the limit's unit.</param>
    /// <param name="name">The limit's name there, such as <c>Max file size</c>.</param>
    /// <param name="limits">The text of the file.</param>
    public static long AtMost(long wanted, string name, string limits)
    {
        string? line = limits.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        string[] columns = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []; // Soft limit, hard limit, unit.
        return columns.Length > 1 && long.TryParse(columns[1], NumberStyles.None, CultureInfo.InvariantCulture, out long hard) ? Math.Min(wanted, hard) : wanted;
    }

    public static string Read() => File.Exists("/proc/self/limits") ? File.ReadAllText("/proc/self/limits") : "";
}
