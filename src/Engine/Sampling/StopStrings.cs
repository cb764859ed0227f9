using System.Text;

namespace Countersign.Engine.Sampling;

/// <summary>Any number of stop strings found in one pass over an answer's bytes (Aho and Corasick 1975). Immutable; built once per request.</summary>
internal sealed class StopStrings
{
    private const int MaximumBytes = 8 << 20;

    private readonly Dictionary<long, int> _edges = [];
    private readonly int[] _first = new int[256];
    private readonly List<int> _failure = [0];
    private readonly List<int> _depth = [0];
    private readonly List<int> _match = [0];

    /// <exception cref="ArgumentException">A stop string is empty, or together they are over 8 MiB.</exception>
    public StopStrings(IReadOnlyList<string> strings)
    {
        long bytes = 0;
        foreach (string stop in strings)
        {
            if (stop.Length == 0) throw new ArgumentException("A stop string must not be empty.");
            byte[] utf8 = Encoding.UTF8.GetBytes(stop);
            if ((bytes += utf8.Length) > MaximumBytes) throw new ArgumentException($"The stop strings are over {MaximumBytes} bytes together.");
            Add(utf8);
        }

        Link();
    }

    /// <summary>The state after <paramref name="value"/>; 0 is the beginning.</summary>
    public int Step(int state, byte value)
    {
        while (state != 0)
        {
            if (_edges.TryGetValue((long)state << 8 | value, out int next)) return next;
            state = _failure[state];
        }

        return _first[value];
    }

    /// <summary>How many of the last bytes may be the beginning of a stop string.</summary>
    public int Held(int state) => _depth[state];

    /// <summary>The bytes of the longest stop string that ends here, or 0.</summary>
    public int Matched(int state) => _match[state];

    private void Add(byte[] stop)
    {
        int state = 0;
        foreach (byte value in stop)
        {
            int next = state == 0 ? _first[value] : _edges.GetValueOrDefault((long)state << 8 | value);
            if (next == 0)
            {
                next = _depth.Count;
                _depth.Add(_depth[state] + 1);
                _failure.Add(0);
                _match.Add(0);
                if (state == 0) _first[value] = next;
                else _edges[(long)state << 8 | value] = next;
            }

            state = next;
        }

        _match[state] = stop.Length;
    }

    // Parents before children, so that a state's failure is final when its children ask for it.
    private void Link()
    {
        foreach ((long edge, int child) in _edges.OrderBy(edge => _depth[edge.Value]))
        {
            int parent = (int)(edge >> 8);
            _failure[child] = Step(_failure[parent], (byte)edge);
            if (_match[child] == 0) _match[child] = _match[_failure[child]];
        }
    }
}
