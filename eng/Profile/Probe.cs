using System.Globalization;

namespace Countersign.Profile;

/// <summary>What the runtime counted or sampled at one place of a method; the numbers are those of the JIT's interface (<c>PgoInstrumentationKind</c>).</summary>
/// <param name="Kind">What it is; its lowest four bits say what its data are.</param>
/// <param name="IlOffset">Where it is.</param>
/// <param name="Other">For an edge, where that leads to; for a sample, what kind of call it is.</param>
internal sealed record Probe(int Kind, int IlOffset, int Other)
{
    private const int FourBytes = 1, EightBytes = 2, TypeHandles = 3, MethodHandles = 4;
    private const int Blocks = 1 << 6, Edges = 6 << 6;

    private readonly List<long> numbers = [];
    private readonly List<string> handles = [];

    /// <summary>Whether it says how often a block or an edge between two ran.</summary>
    public bool IsCount => (Kind & ~0x3F) is Blocks or Edges;

    /// <summary>Whether its data are methods.</summary>
    public bool IsOfMethods => DataKind == MethodHandles;

    /// <summary>Its data, when they are numbers.</summary>
    public IReadOnlyList<long> Numbers => numbers;

    /// <summary>Its data, when they are types or methods.</summary>
    public IReadOnlyList<string> Handles => handles;

    /// <summary>How many data it has.</summary>
    public int Count => numbers.Count + handles.Count;

    /// <summary>Whether it says that nothing was seen.</summary>
    public bool IsEmpty => numbers.TrueForAll(static number => number == 0) && handles.TrueForAll(static handle => handle.EndsWith(": NULL", StringComparison.Ordinal));

    private int DataKind => Kind & 0xF;

    /// <summary>Takes one line of its data.</summary>
    public void Add(string line)
    {
        if (DataKind == FourBytes) numbers.Add(Number(line));
        else if (DataKind == EightBytes) numbers.Add(Number(line[..line.IndexOf(' ', StringComparison.Ordinal)]) | Number(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]) << 32);
        else if (DataKind is TypeHandles or MethodHandles) handles.Add(line);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
