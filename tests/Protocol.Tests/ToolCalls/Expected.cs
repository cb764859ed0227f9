using System.Text.Json;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Tests.ToolCalls;

/// <summary>Compares what was read with what a case's data demand.</summary>
internal static class Expected
{
    /// <summary>Says how <paramref name="read"/> differs from <paramref name="expect"/>; <c>null</c> where it does not.</summary>
    public static string? Difference(JsonElement expect, ChatChoice read, bool isTextAsserted)
    {
        string reasoning = string.Concat(read.Reasoning.Select(part => part.Text));
        if (isTextAsserted && TextOf(expect, "content") != read.Text) return $"content is {Show(read.Text)}, not {Show(TextOf(expect, "content"))}";
        if (expect.TryGetProperty("reasoning", out _) && TextOf(expect, "reasoning") != reasoning) return $"reasoning is {Show(reasoning)}, not {Show(TextOf(expect, "reasoning"))}";
        var calls = expect.TryGetProperty("tool_calls", out var list) ? list.EnumerateArray().ToList() : [];
        if (calls.Count != read.ToolCalls.Count) return $"{read.ToolCalls.Count} calls, not {calls.Count}; findings: {string.Join(" ", read.ParserFindings)}";
        return calls.Zip(read.ToolCalls, CallDifference).FirstOrDefault(difference => difference is not null);
    }

    private static string? CallDifference(JsonElement expect, ToolCall call)
    {
        if (expect.GetProperty("name").GetString() != call.Name) return $"called {call.Name}";
        if (expect.TryGetProperty("id", out var id) && id.GetString() != call.Id) return $"id is {call.Id}";
        if (call.Id.Length == 0) return "no id";
        var arguments = expect.GetProperty("arguments");
        if (arguments.ValueKind == JsonValueKind.Null) return expect.GetProperty("arguments_raw").GetString() == call.Arguments ? null : $"arguments are {Show(call.Arguments)}";
        return IsJson(call.Arguments, arguments) ? null : $"arguments are {Show(call.Arguments)}";
    }

    private static bool IsJson(string text, JsonElement value)
    {
        try
        {
            return JsonElement.DeepEquals(JsonElement.Parse(text), value);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string TextOf(JsonElement expect, string key) => expect.TryGetProperty(key, out var text) ? text.GetString() ?? "" : "";

    private static string Show(string text) => $"\"{text.Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
