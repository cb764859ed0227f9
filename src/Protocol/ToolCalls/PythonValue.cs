using System.Numerics;

namespace Countersign.Protocol.ToolCalls;

/// <summary>A value written in Python's syntax: what <c>ast.literal_eval</c> understands, and calls.</summary>
public abstract record PythonValue;

/// <summary>A string; <paramref name="IsBytes"/> for <c>b'...'</c>.</summary>
public sealed record PythonText(string Text, bool IsBytes = false) : PythonValue;

/// <summary>An integer of any size.</summary>
public sealed record PythonInteger(BigInteger Value) : PythonValue;

/// <summary>A floating-point number, infinities and NaN included.</summary>
public sealed record PythonFloat(double Value) : PythonValue;

/// <summary><c>True</c> or <c>False</c>.</summary>
public sealed record PythonBoolean(bool Value) : PythonValue;

/// <summary><c>None</c>.</summary>
public sealed record PythonNone : PythonValue;

/// <summary>What brackets hold.</summary>
public enum PythonSequenceKind { List, Tuple, Set }

/// <summary>A list, a tuple or a set.</summary>
public sealed record PythonSequence(PythonSequenceKind Kind, IReadOnlyList<PythonValue> Items) : PythonValue;

/// <summary>A dictionary, in the order written.</summary>
public sealed record PythonDictionary(IReadOnlyList<KeyValuePair<PythonValue, PythonValue>> Items) : PythonValue;

/// <summary>A name that is no literal, such as <c>x</c>, <c>Color.RED</c> or JSON's <c>true</c>.</summary>
public sealed record PythonName(string Name) : PythonValue;

/// <summary>A call such as <c>weather.get(city='Rome')</c>.</summary>
/// <param name="Name">The dotted name.</param>
/// <param name="Positional">Arguments without a name.</param>
/// <param name="Keywords">Arguments with one, in the order written.</param>
public sealed record PythonCall(string Name, IReadOnlyList<PythonValue> Positional, IReadOnlyList<KeyValuePair<string, PythonValue>> Keywords) : PythonValue;
