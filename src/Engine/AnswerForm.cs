namespace Countersign.Engine;

/// <summary>A form that an answer may take: JSON of a schema, between two texts.</summary>
/// <param name="Schema">The JSON schema (draft 2020-12 or 7).</param>
/// <param name="Before">What stands before the JSON.</param>
/// <param name="After">What stands after it.</param>
/// <param name="Repeats">Whether it may come several times, a line feed between: 1 to 16 times.</param>
public sealed record AnswerForm(string Schema, string Before = "", string After = "", bool Repeats = false);
