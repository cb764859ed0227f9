namespace Countersign.Cli;

/// <summary>Comma-separated values (RFC 4180).</summary>
internal static class Csv
{
    private static readonly System.Buffers.SearchValues<char> Quoted = System.Buffers.SearchValues.Create(",\"\r\n");

    /// <summary>Lines as a text.</summary>
    public static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\r\n"));

    /// <summary>Fields as a line.</summary>
    public static string Line(IEnumerable<string?> fields) => string.Join(',', fields.Select(Field));

    private static string? Field(string? text) => text.AsSpan().ContainsAny(Quoted) ? $"\"{text!.Replace("\"", "\"\"")}\"" : text;
}
