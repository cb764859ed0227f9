using System.Globalization;
using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Google's errors: <c>{"error":{code,message,status,details}}</c>.</summary>
internal static class GeminiProblems
{
    /// <summary>The problem that an error answer means, whatever its form.</summary>
    public static Problem Read(int status, ReadOnlySpan<byte> body)
    {
        try
        {
            using var document = AnswerJson.Parse(body);
            return Read(status, document.RootElement.Member("error"u8));
        }
        catch (ProblemException)
        {
            return UpstreamProblem.Of(status, null);
        }
    }

    /// <summary>The error that an upstream reports within its answer: some of it may have been served.</summary>
    public static ProblemException InStream(JsonElement root)
    {
        var error = root.Member("error"u8);
        int status = error.Member("code"u8).Count() is >= 400 and < 600 and var code ? (int)code : 0;
        return new ProblemException(Read(status, error) with { UpstreamStatus = null });
    }

    /// <summary>The error for a prompt that the model's filter stopped. Another model's may let it pass.</summary>
    public static ProblemException Blocked(string reason) => new(new Problem(
        ProblemKind.InvalidRequest, $"The model's content filter stopped the prompt before any answer ({reason}).", "messages", "content_filter"));

    /// <summary>The error for an answer that is JSON, but has no candidate.</summary>
    public static ProblemException NoAnswer() =>
        new(new Problem(ProblemKind.UpstreamFailed, "The upstream's answer is not Gemini's: it has no 'candidates'."));

    private static Problem Read(int status, JsonElement error)
    {
        string? message = error.String("message"u8);
        if (HasReason(error, "API_KEY_INVALID")) status = 401; // Google says 400, as if the caller's request were at fault.
        bool isTooLong = message?.Contains("exceeds the maximum number of tokens", StringComparison.Ordinal) ?? false;
        return UpstreamProblem.Of(status, message, code: isTooLong ? "context_length_exceeded" : error.String("status"u8)) with { RetryAfter = RetryAfter(error) };
    }

    private static bool HasReason(JsonElement error, string reason)
    {
        foreach (var detail in error.Items("details"u8))
        {
            if (detail.String("reason"u8) == reason) return true;
        }

        return false;
    }

    /// <summary><c>RetryInfo</c>, such as <c>"retryDelay":"34.5s"</c>.</summary>
    private static TimeSpan? RetryAfter(JsonElement error)
    {
        foreach (var detail in error.Items("details"u8))
        {
            if (detail.String("retryDelay"u8) is { } delay && double.TryParse(delay.TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds < 86_400)
                return TimeSpan.FromSeconds(seconds);
        }

        return null;
    }
}
