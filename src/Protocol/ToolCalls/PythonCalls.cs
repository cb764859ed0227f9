using Countersign.Protocol.Chat;

namespace Countersign.Protocol.ToolCalls;

/// <summary>What was read from a text of Python-style calls.</summary>
/// <param name="Calls">The calls; empty where the text makes none.</param>
/// <param name="Mends">How near-calls were read as calls; empty where all were written well.</param>
/// <param name="Findings">What looked like calls and could not be read as such; then there are no calls.</param>
public sealed record PythonCallReading(IReadOnlyList<ToolCall> Calls, IReadOnlyList<string> Mends, IReadOnlyList<string> Findings);

/// <summary>Reads tool calls written as text in Python's syntax: <c>[weather.get(city='Rome'), clock()]</c>, the raw format of models without a tool format of their own.
/// Only a text that is calls is read as calls: a code fence around all of it counts only where one of them is of a tool that exists, since it may be code;
/// calls within prose count only inside a list, and only of tools that exist.</summary>
public static class PythonCalls
{
    /// <summary>Reads the calls of <paramref name="text"/>. Ids are <c>call_0</c>, <c>call_1</c>, ...</summary>
    public static PythonCallReading Parse(string text, IReadOnlyList<ToolDefinition> tools)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tools);
        string written = WithoutMarkers(text).Trim(), bare = WithoutFence(written);
        List<string> mends = [];
        var calls = CallsOf(bare) ?? WithBracket(bare, mends) ?? InProse(bare, tools);
        bool isCode = bare != written && calls?.Exists(call => ToolNames.Find(tools, call.Name) is not null) == false;
        return calls is null || isCode ? new PythonCallReading([], [], []) : Read(calls, tools, mends);
    }

    /// <summary>The calls of a list whose closing bracket was left out after a whole call.</summary>
    private static List<PythonCall>? WithBracket(string text, List<string> mends)
    {
        if (!text.StartsWith('[') || !text.EndsWith(')') || CallsOf($"{text}]") is not { } calls) return null;
        mends.Add("the closing bracket added");
        return calls;
    }

    /// <summary>The calls that the whole text is: one, a list, several in a row.</summary>
    private static List<PythonCall>? CallsOf(string text)
    {
        var value = PythonReader.ReadWhole(text);
        if (value is PythonCall single) return [single];
        if (value is PythonSequence sequence && sequence.Items.Count > 0) return sequence.Items.All(item => item is PythonCall) ? [.. sequence.Items.Cast<PythonCall>()] : null;
        return LineByLine(text);
    }

    private static List<PythonCall>? LineByLine(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var calls = lines.Select(line => PythonReader.ReadWhole(line.TrimEnd(';'))).OfType<PythonCall>().ToList();
        return calls.Count > 0 && calls.Count == lines.Length ? calls : null;
    }

    private static List<PythonCall>? InProse(string text, IReadOnlyList<ToolDefinition> tools)
    {
        for (int start = text.IndexOf('[', StringComparison.Ordinal), tries = 0; start >= 0 && tries < 16; start = text.IndexOf('[', start + 1), tries++)
        {
            var reader = new PythonReader(text.AsSpan(start));
            bool isCalls = reader.Read() is PythonSequence { Items.Count: > 0 } list && list.Items.All(item => item is PythonCall call && ToolNames.Find(tools, call.Name) is not null);
            if (isCalls) return CallsOf(text.Substring(start, reader.Position));
        }

        return null;
    }

    private static PythonCallReading Read(List<PythonCall> found, IReadOnlyList<ToolDefinition> tools, List<string> mends)
    {
        List<ToolCall> calls = [];
        List<string> findings = [];
        foreach (var call in found)
        {
            var tool = ToolNames.Find(tools, call.Name);
            var arguments = PythonArguments.Of(call, tool, mends);
            string? json = arguments is null ? null : PythonJson.WriteObject(arguments);
            if (json is null) findings.Add($"The arguments of the call of {call.Name} cannot be read: give each one by name, as a literal value.");
            else calls.Add(new ToolCall($"call_{calls.Count}", tool?.Name ?? call.Name, json));
        }

        return new PythonCallReading(findings.Count == 0 ? calls : [], mends, findings);
    }

    /// <summary>What the code fence holds that is the whole text; the text itself where none is.</summary>
    private static string WithoutFence(string text)
    {
        bool isFence = text.StartsWith("```", StringComparison.Ordinal) && text.IndexOf("```", 3, StringComparison.Ordinal) == text.Length - 3;
        if (!isFence) return text;
        string inner = text[3..^3];
        int line = inner.IndexOf('\n', StringComparison.Ordinal);
        bool hasLanguage = line >= 0 && inner.AsSpan(0, line).Trim().IndexOfAnyExceptInRange('a', 'z') < 0;
        return (hasLanguage ? inner[line..] : inner).Trim();
    }

    /// <summary>The text without a chat template's markers (<c>&lt;|eot_id|&gt;</c>) at its ends.</summary>
    private static string WithoutMarkers(string text)
    {
        text = text.Trim();
        while (text.StartsWith("<|", StringComparison.Ordinal) && text.IndexOf("|>", StringComparison.Ordinal) is var end and > 0) text = text[(end + 2)..].Trim();
        while (text.EndsWith("|>", StringComparison.Ordinal) && text.LastIndexOf("<|", StringComparison.Ordinal) is var start and >= 0) text = text[..start].Trim();
        return text;
    }
}
