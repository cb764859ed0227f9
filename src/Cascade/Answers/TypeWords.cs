namespace Countersign.Cascade.Answers;

/// <summary>The words for types that tool definitions use beside JSON Schema's own.</summary>
internal static class TypeWords
{
    /// <summary>JSON Schema's word for <paramref name="word"/>; <c>null</c> where anything is allowed.</summary>
    public static string? Standard(string word) => word.ToUpperInvariant() switch
    {
        "ANY" => null,
        "DICT" or "HASHMAP" or "HASHTABLE" or "OBJECT" => "object",
        "FLOAT" or "DOUBLE" or "NUMBER" => "number",
        "INT" or "LONG" or "SHORT" or "BYTE" or "BIGINT" or "INTEGER" => "integer",
        "BOOL" or "BOOLEAN" => "boolean",
        "LIST" or "TUPLE" or "SET" or "ARRAYLIST" or "ARRAY" => "array",
        "STR" or "CHAR" or "STRING" => "string",
        _ => word,
    };
}
