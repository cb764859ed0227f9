using System.Globalization;
using System.Runtime.InteropServices;

namespace Countersign.Engine.Bench;

/// <summary>Describes the machine that a result comes from.</summary>
internal static class Machine
{
    public static string Describe()
    {
        string processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor"
            : RuntimeInformation.ProcessArchitecture.ToString();
        return $"{processor}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.OSDescription}";
    }

    /// <summary>The load average of the last minute; 0 where the system does not tell.</summary>
    public static double Load() => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : 0;
}
