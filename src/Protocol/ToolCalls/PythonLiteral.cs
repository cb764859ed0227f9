namespace Countersign.Protocol.ToolCalls;

/// <summary>Reads literals in Python's syntax.</summary>
public static class PythonLiteral
{
    /// <summary>The value that <paramref name="text"/> is, white space around it aside; <c>null</c> where it is none. A name or a call is a value too.</summary>
    public static PythonValue? Parse(ReadOnlySpan<char> text) => PythonReader.ReadWhole(text);
}
