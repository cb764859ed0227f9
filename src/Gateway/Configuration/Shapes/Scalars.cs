using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;

namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>The kinds of single values.</summary>
internal static class Scalars
{
    /// <summary>Any text but none.</summary>
    public static readonly Shape<string> Text = new ScalarShape<string>(
        "a text", () => new() { ["type"] = "string", ["minLength"] = 1 }, text => text.Length > 0 ? new(text) : null, text => text);

    /// <summary>A text for a header of a call, never shown. Empty: none.</summary>
    public static readonly Shape<string?> Secret = new ScalarShape<string?>(
        "a secret text", () => new() { ["type"] = "string" }, text => new(text.Length == 0 ? null : text), isSecret: true);

    /// <summary>A caller's key, never shown: what a header can carry, for a caller with another could never ask.</summary>
    public static readonly Shape<string> Key = new ScalarShape<string>(
        "a key of letters, digits and signs, without spaces", () => new() { ["type"] = "string", ["minLength"] = 1 },
        text => text.Length > 0 && text.All(letter => letter is >= '!' and <= '~') ? new(text) : null, isSecret: true);

    /// <summary>Yes or no.</summary>
    public static readonly Shape<bool> Switch = new ScalarShape<bool>(
        "true or false", () => new() { ["type"] = "boolean" }, text => text switch { "true" => new(true), "false" => new(false), _ => null }, value => value, ["true", "false"]);

    /// <summary>An address on the web.</summary>
    public static readonly Shape<Uri> Url = new ScalarShape<Uri>(
        "an http or https address such as http://127.0.0.1:8000/v1", () => new() { ["type"] = "string", ["format"] = "uri" }, ParseUrl, url => url.ToString());

    /// <summary>A day.</summary>
    public static readonly Shape<DateOnly> Day = new ScalarShape<DateOnly>(
        "a day such as 2026-01-31", () => new() { ["type"] = "string", ["format"] = "date" },
        text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? new(day) : null);

    private const decimal MostUsd = 1_000_000_000; // Times tokens and attempts it is still a decimal.

    /// <summary>Money in US dollars.</summary>
    public static readonly Shape<decimal?> Usd = new ScalarShape<decimal?>(
        "an amount of US dollars such as 0.02, a billion at most", () => new() { ["type"] = "number", ["minimum"] = 0, ["maximum"] = MostUsd },
        text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal usd) && usd <= MostUsd ? new(usd) : null, usd => usd is { } amount ? amount : null);

    /// <summary>A number of bytes, such as <c>32MiB</c>.</summary>
    public static readonly Shape<int> Size = new ScalarShape<int>(
        "a size such as 512KiB, 32MiB or a number of bytes, from 1KiB and below 2GiB", Sizes.Schema, text => Sizes.Parse(text) is { } size and >= 1 << 10 and <= int.MaxValue ? new((int)size) : null, size => Sizes.Write(size));

    /// <summary>A number of bytes that may be large, such as <c>24GiB</c>.</summary>
    public static readonly Shape<long> LargeSize = new ScalarShape<long>(
        "a size such as 512MiB, 24GiB or a number of bytes, from 1MiB", Sizes.Schema, text => Sizes.Parse(text) is { } size and >= 1 << 20 ? new(size) : null, size => Sizes.Write(size));

    /// <summary>The thinking knob: a level, or a number of tokens.</summary>
    public static readonly Shape<Thinking> Thinking = new ScalarShape<Thinking>(
        "a level of thinking or a number of tokens", ThinkingSchema, ParseThinking, choices: [.. Names<ThinkingLevel>(), "a number of tokens"]);

    /// <summary>A time within bounds, such as <c>30s</c>. What waits for it is a timer, and timers end at 49 days.</summary>
    public static Shape<TimeSpan> Duration(string least, string most) => new ScalarShape<TimeSpan>(
        $"a duration such as 250ms, 30s, 5m, 1h or 7d, from {least} to {most}", () => Durations.Schema(least, most),
        text => Durations.Parse(text) is { } duration && duration >= Durations.Parse(least) && duration <= Durations.Parse(most) ? new(duration) : null, duration => Durations.Write(duration));

    /// <summary>A whole number within bounds.</summary>
    public static Shape<int> Integer(int minimum, int maximum) => new ScalarShape<int>(
        $"a whole number from {minimum} to {maximum}", () => new() { ["type"] = "integer", ["minimum"] = minimum, ["maximum"] = maximum },
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum ? new(value) : null, value => value);

    /// <summary>A number within bounds.</summary>
    public static Shape<double> Number(double minimum, double maximum) => new ScalarShape<double>(
        $"a number from {minimum} to {maximum}", () => new() { ["type"] = "number", ["minimum"] = minimum, ["maximum"] = maximum },
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= minimum && value <= maximum ? new(value) : null, value => value);

    /// <summary>One of the words.</summary>
    public static Shape<T> Choice<T>(params (string Word, T Value)[] words) => new ScalarShape<T>(
        $"one of {string.Join(", ", Array.ConvertAll(words, pair => pair.Word))}",
        () => new() { ["enum"] = new JsonArray(Array.ConvertAll(words, pair => JsonValue.Create(pair.Word))) },
        text => Array.FindIndex(words, pair => pair.Word == text) is >= 0 and var at ? new(words[at].Value) : null,
        value => Array.Find(words, pair => Equals(pair.Value, value)).Word,
        Array.ConvertAll(words, pair => pair.Word));

    private static Parsed<Uri>? ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 ? new(url) : null;

    private static Parsed<Thinking>? ParseThinking(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int tokens)) return new(new Thinking(null, tokens));
        int level = Array.IndexOf(Names<ThinkingLevel>(), text);
        return level < 0 ? null : new(new Thinking((ThinkingLevel)level));
    }

    private static JsonObject ThinkingSchema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = new JsonArray([.. Names<ThinkingLevel>().Select(name => JsonValue.Create(name))]) },
            new JsonObject { ["type"] = "integer", ["minimum"] = 0 }),
    };

    private static string[] Names<T>() where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
}
