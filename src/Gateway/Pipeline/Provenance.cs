using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Protocol.Dialects.Efforts;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Pipeline;

/// <summary>Tells a client where its answer comes from: <c>x-countersign-*</c> headers, and for gated answers the <c>countersign</c> object.</summary>
internal static class Provenance
{
    // Of a line, in letters: names in it are the caller's.
    private const int MostOfWarning = 512;

    public const string RequestIdHeader = "x-countersign-request-id";

    /// <summary>Sets what is known at this moment; called when the response's head is about to be sent.</summary>
    public static void SetHeaders(IHeaderDictionary headers, Plan plan, RequestTrace trace)
    {
        if (trace.Warnings is { Count: > 0 } warnings) headers["x-countersign-warning"] = warnings.Select(AsHeader).ToArray();
        if (trace.Winner?.Thinking is { IsDefault: false } thinking) headers["x-countersign-thinking"] = thinking.ToString();
        if (!plan.IsGated) return;
        headers["x-countersign-route"] = AsName(plan.Name);
        if (trace.Winner is not { } winner) return;
        headers["x-countersign-deployment"] = AsName(winner.Deployment);
        headers["x-countersign-accepted"] = trace.Accepted ? "true" : "false";
        headers["x-countersign-attempts"] = trace.Attempts.Count.ToString(CultureInfo.InvariantCulture);
        headers["x-countersign-cost"] = AsText(trace.TotalCost);
    }

    /// <summary>The <c>countersign</c> object: route, winner, warnings, attempts, verdicts, money of the whole request.</summary>
    public static void Write(string requestId, Plan plan, RequestTrace trace, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("request_id", requestId);
        json.WriteString("route", plan.Name);
        json.WriteString("deployment", trace.Winner?.Deployment);
        json.WriteBoolean("accepted", trace.Accepted);
        json.WriteString("end", JsonNamingPolicy.SnakeCaseLower.ConvertName(trace.End.ToString()));
        WriteCost(json, trace.TotalCost);
        json.WriteStartArray("warnings");
        foreach (string warning in trace.Warnings) json.WriteStringValue(warning); // The head of a stream may have gone out before there was one.
        json.WriteEndArray();
        json.WriteStartArray("attempts");
        foreach (var attempt in trace.Attempts) Write(json, attempt, trace);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AttemptRecord attempt, RequestTrace trace)
    {
        json.WriteStartObject();
        json.WriteNumber("number", attempt.Number);
        json.WriteString("deployment", attempt.Deployment);
        json.WriteString("purpose", JsonNamingPolicy.SnakeCaseLower.ConvertName(attempt.Purpose.ToString()));
        json.WriteString("status", JsonNamingPolicy.SnakeCaseLower.ConvertName(attempt.Status.ToString()));
        if (attempt.Thinking is { } thinking) Write(json, thinking);
        if (attempt.Usage?.InputTokens is { } input) json.WriteNumber("input_tokens", input);
        if (attempt.Usage?.OutputTokens is { } output) json.WriteNumber("output_tokens", output);
        if (attempt.Usage?.CachedInputTokens is { } cached) json.WriteNumber("cached_input_tokens", cached);
        if (attempt.SavedUsd is { } saved) json.WriteNumber("cache_saved_usd", saved);
        WriteCost(json, attempt.Cost);
        json.WriteStartArray("verdicts");
        foreach (var verdict in trace.Verdicts.Where(verdict => verdict.Attempt == attempt.Number)) Write(json, verdict);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AppliedThinking thinking)
    {
        json.WriteStartObject("thinking");
        json.WriteString("asked", thinking.Asked.ToString());
        json.WriteString("applied", thinking.Applied);
        json.WriteBoolean("clamped", thinking.Clamped);
        json.WriteEndObject();
    }

    /// <summary>How many findings, not which: they quote the draft, and of a rejected one nothing leaves (the stream law). The trace has them.</summary>
    private static void Write(Utf8JsonWriter json, VerdictRecord verdict)
    {
        json.WriteStartObject();
        json.WriteString("validator", verdict.Validator);
        json.WriteString("verdict", JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.Verdict.Kind.ToString()));
        if (verdict.Verdict.Score is { } score) json.WriteNumber("score", score);
        json.WriteNumber("findings", verdict.Verdict.Findings.Count);
        json.WriteEndObject();
    }

    /// <summary>An unknown amount is <c>null</c>; a partly known one is the known part with <c>cost_is_complete: false</c>.</summary>
    private static void WriteCost(Utf8JsonWriter json, Cost cost)
    {
        if (cost is { IsComplete: false, Usd: 0 }) json.WriteNull("cost_usd");
        else json.WriteNumber("cost_usd", cost.Usd);
        json.WriteBoolean("cost_is_complete", cost.IsComplete);
    }

    private static string AsText(Cost cost) => cost switch
    {
        { IsComplete: true } => cost.Usd.ToString("0.#########", CultureInfo.InvariantCulture),
        { Usd: 0 } => "unknown",
        _ => string.Create(CultureInfo.InvariantCulture, $">={cost.Usd:0.#########}"),
    };

    /// <summary>A header carries visible ASCII only (RFC 9110, 5.5), and no more than clients and proxies take.</summary>
    private static string AsHeader(string text)
    {
        string line = string.Concat(text.Take(MostOfWarning).Select(letter => letter is >= ' ' and <= '~' ? letter : '?'));
        return text.Length <= MostOfWarning ? line : $"{line}...";
    }

    /// <summary>A name as a header carries it: what is no visible ASCII, and the percent sign, percent-encoded, so that the name can be had back.</summary>
    private static string AsName(string name) => name.All(letter => letter is >= ' ' and <= '~' and not '%') ? name
        : string.Concat(Encoding.UTF8.GetBytes(name).Select(unit => unit is >= (byte)' ' and <= (byte)'~' and not (byte)'%' ? ((char)unit).ToString() : $"%{unit:X2}"));
}
