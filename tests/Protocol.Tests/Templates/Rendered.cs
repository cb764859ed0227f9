using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Tests.Templates;

/// <summary>Renders templates for tests, and compares with what the reference gave.</summary>
internal static class Rendered
{
    public static RenderSettings Strict { get; } = new(TemplateLimits.Default, new FixedClock(), Lenient: false);

    public static RenderSettings Lenient { get; } = Strict with { Lenient = true };

    /// <summary>The text of a template for variables given as a JSON object.</summary>
    public static string Text(string template, string variables = "{}", RenderSettings? settings = null)
    {
        using var document = JsonDocument.Parse(variables);
        return ChatTemplate.Parse(template).Render(Variables(document.RootElement), settings ?? Strict);
    }

    public static IEnumerable<KeyValuePair<string, Value>> Variables(JsonElement json) =>
        json.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, JsonValues.Of(property.Value)));

    /// <summary>What is wrong with a result, or <c>null</c>. <paramref name="expected"/> has a <c>text</c> or an <c>error</c> as in the reference data.</summary>
    public static string? Difference(JsonElement expected, Func<string> render)
    {
        bool isText = expected.TryGetProperty("text", out var text);
        try
        {
            string rendered = render();
            if (!isText) return $"expected {expected.GetProperty("error")}, got {Short(rendered)}";
            return rendered == text.GetString() ? null : FirstDifference(text.GetString()!, rendered);
        }
        catch (ProblemException failure)
        {
            return isText ? $"expected {Short(text.GetString()!)}, got error: {failure.Message}" : WrongMessage(expected.GetProperty("error"), failure);
        }
    }

    private static string? WrongMessage(JsonElement error, ProblemException failure)
    {
        string message = error.GetProperty("message").GetString()!;
        bool mustHold = error.GetProperty("kind").GetString() == "raise_exception";
        return mustHold && !failure.Message.EndsWith(": " + message, StringComparison.Ordinal) ? $"expected the message {message}, got {failure.Message}" : null;
    }

    private static string FirstDifference(string expected, string got)
    {
        int at = expected.AsSpan().CommonPrefixLength(got);
        int start = Math.Max(0, at - 30);
        return $"at {at}: expected {Short(expected[start..])}, got {Short(got[start..])}";
    }

    private static string Short(string text) => $"\"{(text.Length > 90 ? text[..90] + "..." : text).Replace("\n", "\\n")}\"";

    /// <summary>The time of the reference data, 2026-03-07 09:05:03, in no time zone.</summary>
    private sealed class FixedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 3, 7, 9, 5, 3, TimeSpan.Zero);
    }
}
