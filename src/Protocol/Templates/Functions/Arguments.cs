using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Functions;

/// <summary>The arguments of a call as they were given.</summary>
/// <param name="Positional">By place.</param>
/// <param name="Named">By name.</param>
internal readonly record struct Arguments(Value[] Positional, (string Name, Value Value)[] Named)
{
    public static Arguments None { get; } = new([], []);

    /// <summary>The first <paramref name="count"/> positional ones left out.</summary>
    public Arguments Skip(int count) => this with { Positional = Positional[count..] };
}
