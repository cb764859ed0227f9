using System.Globalization;
using System.Text.Json;
using Countersign.Cascade.Answers;

namespace Countersign.Cascade.Validators.Facts;

/// <summary>An expression could not be computed; the message says what is missing or wrong.</summary>
internal sealed class ExpressionException(string message) : Exception(message);

/// <summary>What an expression amounts to: a number, a text, a truth, a list, an object as it is, or null.</summary>
internal sealed record ExpressionValue(object? Content)
{
    public static ExpressionValue Of(decimal number) => new((object)number);

    public static ExpressionValue Of(bool truth) => new((object)truth);

    /// <summary>A JSON value.</summary>
    public static ExpressionValue Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDecimal(out decimal number) ? Of(number) : throw new ExpressionException($"{value.GetRawText()} is too large to compute with"),
        JsonValueKind.String => new ExpressionValue(value.GetString()),
        JsonValueKind.True => Of(true),
        JsonValueKind.False => Of(false),
        JsonValueKind.Null => new ExpressionValue((object?)null),
        JsonValueKind.Array => new ExpressionValue(value.EnumerateArray().Select(Of).ToList()),
        _ => new ExpressionValue(value),
    };

    public bool IsTrue => Content as bool? ?? throw new ExpressionException($"{this} is neither true nor false");

    /// <summary>The items of a list; a single value is a list of one, null of none.</summary>
    public IReadOnlyList<ExpressionValue> Items => Content switch { List<ExpressionValue> items => items, null => [], _ => [this] };

    /// <summary>The number; a text that is one number with its currency or unit counts as that number.</summary>
    public decimal Number => AsNumber ?? throw new ExpressionException($"{this} is no number");

    private decimal? AsNumber => Content switch
    {
        decimal number => number,
        string text when NumberScanner.ReadAll(text) is [var only] => only.Value,
        _ => null,
    };

    /// <summary>Whether two values are equal: numbers within the tolerance, lists item by item.</summary>
    public bool EqualTo(ExpressionValue other, decimal tolerance)
    {
        if (Content is decimal || other.Content is decimal) return AsNumber is { } a && other.AsNumber is { } b && AreNear(a, b, tolerance);
        if (Content is List<ExpressionValue> items && other.Content is List<ExpressionValue> others) return items.Count == others.Count && items.Zip(others).All(pair => pair.First.EqualTo(pair.Second, tolerance));
        if (Content is JsonElement json && other.Content is JsonElement otherJson) return JsonElement.DeepEquals(json, otherJson);
        return Equals(Content, other.Content);
    }

    /// <summary>A text that two values have in common only where they are the same.</summary>
    public string Identity => Content switch
    {
        JsonElement json => JsonAnswer.Canonical(json),
        List<ExpressionValue> items => $"[{string.Join(',', items.Select(item => item.Identity))}]",
        _ => ToString(),
    };

    private static bool AreNear(decimal a, decimal b, decimal tolerance)
    {
        try
        {
            return Math.Abs(a - b) <= tolerance;
        }
        catch (OverflowException)
        {
            return false; // further apart than any number is large
        }
    }

    public override string ToString() => Content switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        List<ExpressionValue> items => $"[{string.Join(", ", items.Take(8))}{(items.Count > 8 ? ", ..." : "")}]",
        _ => "an object",
    };
}

/// <summary>What an expression is computed on.</summary>
/// <param name="Root">The answer.</param>
/// <param name="Tolerance">How far apart equal numbers may be.</param>
internal sealed record ExpressionScope(JsonElement Root, decimal Tolerance);
