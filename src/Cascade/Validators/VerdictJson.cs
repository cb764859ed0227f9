using System.Text.Json;

namespace Countersign.Cascade.Validators;

/// <summary>A verdict as programs and webhooks give it: <c>{"verdict":"accept"|"reject"|"unknown", "findings":["..."|{"message","where"}], "score":0..1}</c>; all but <c>verdict</c> may be left out.</summary>
internal static class VerdictJson
{
    private const int MaxFindings = 20;

    /// <summary>Reads a verdict; <c>null</c> where it is none.</summary>
    public static Verdict? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind is JsonValueKind.Object ? Read(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Verdict? Read(JsonElement root)
    {
        VerdictKind? kind = Text(root, "verdict") switch { "accept" => VerdictKind.Accept, "reject" => VerdictKind.Reject, "unknown" => VerdictKind.Unknown, _ => null };
        if (kind is null || !TryReadScore(root, out double? score) || !TryReadFindings(root, out var findings)) return null;
        if (findings.Count == 0 && kind is not VerdictKind.Accept) findings = [new Finding(kind is VerdictKind.Reject ? "It was rejected without a reason." : "It could not be judged.")];
        return new Verdict(kind.Value, findings, score);
    }

    private static bool TryReadScore(JsonElement root, out double? score)
    {
        score = null;
        if (!root.TryGetProperty("score", out var value) || value.ValueKind is JsonValueKind.Null) return true;
        if (value.ValueKind is not JsonValueKind.Number || value.GetDouble() is not (>= 0 and <= 1)) return false;
        score = value.GetDouble();
        return true;
    }

    private static bool TryReadFindings(JsonElement root, out IReadOnlyList<Finding> findings)
    {
        findings = [];
        if (!root.TryGetProperty("findings", out var list) || list.ValueKind is JsonValueKind.Null) return true;
        if (list.ValueKind is not JsonValueKind.Array) return false;
        var read = list.EnumerateArray().Take(MaxFindings).Select(ReadFinding).ToList();
        findings = [.. read.OfType<Finding>()];
        return findings.Count == read.Count;
    }

    private static Finding? ReadFinding(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => new Finding(item.GetString()!),
        JsonValueKind.Object when Text(item, "message") is { } message => new Finding(message, Text(item, "where")),
        _ => null,
    };

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
