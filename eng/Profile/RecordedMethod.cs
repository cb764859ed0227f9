using System.Globalization;

namespace Countersign.Profile;

/// <summary>A method in the text that the runtime wrote.</summary>
/// <param name="Name">Its type, with the type's arguments, and its name.</param>
/// <param name="Signature">As the runtime prints it.</param>
/// <param name="Hash">The runtime's hash of its type, its name and its own arguments.</param>
/// <param name="IlSize">The bytes of its IL.</param>
/// <param name="Probes">What was counted in it.</param>
internal sealed record RecordedMethod(string Name, string Signature, int Hash, int IlSize, IReadOnlyList<Probe> Probes)
{
    /// <summary>The highest count in it.</summary>
    public long Most => Probes.Where(static probe => probe.IsCount).SelectMany(static probe => probe.Numbers).DefaultIfEmpty().Max();

    /// <summary>Its probes without the samples that are empty; a sample is two probes at one place, its size and its data.</summary>
    public IEnumerable<Probe> Seen => Probes.Where(probe => probe.IsCount || !Probes.Any(other => other.IlOffset == probe.IlOffset && !other.IsCount && other.IsEmpty));

    /// <summary>Reads a file that the runtime wrote with <c>DOTNET_WritePGOData=1</c>.</summary>
    /// <exception cref="FormatException">It is another format.</exception>
    public static IEnumerable<RecordedMethod> Read(string path)
    {
        using var lines = File.ReadLines(path).GetEnumerator();
        while (lines.MoveNext())
        {
            if (!lines.Current.StartsWith("@@@ ", StringComparison.Ordinal)) continue;
            string[] header = lines.Current.Split(' ');
            string name = After("MethodName: ", Next(lines)), signature = After("Signature: ", Next(lines));
            var probes = new Probe[Hexadecimal(header[8])];
            for (int i = 0; i < probes.Length; i++) probes[i] = ReadProbe(lines);
            yield return new RecordedMethod(name, signature, Hexadecimal(header[4]), Hexadecimal(header[6]), probes);
        }
    }

    private static Probe ReadProbe(IEnumerator<string> lines)
    {
        string[] words = After("Schema InstrumentationKind ", Next(lines)).Split(' ');
        var probe = new Probe(Number(words[0]), Number(words[2]), Number(words[6]));
        for (int count = Number(words[4]); count > 0; count--) probe.Add(Next(lines));
        return probe;
    }

    private static string Next(IEnumerator<string> lines) => lines.MoveNext() ? lines.Current : throw new FormatException("The profile ends within a method.");

    private static string After(string prefix, string line) => line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..] : throw new FormatException($"'{prefix}' is expected, not '{line}'.");

    private static int Number(string text) => unchecked((int)uint.Parse(text, CultureInfo.InvariantCulture)); // The runtime prints -1 so, too.

    private static int Hexadecimal(string text) => int.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
