using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>Errors in the form of OpenAI's APIs: <c>{"error":{"message","type","param","code"}}</c>.</summary>
internal static class OpenAiProblem
{
    /// <summary>Writes the whole body.</summary>
    public static void Write(Problem problem, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        var (type, code) = NamesOf(problem.Kind);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, problem.Message);
        json.WriteString("type"u8, type);
        json.WriteString("param"u8, problem.Param);
        json.WriteString("code"u8, problem.Code ?? code);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Reads an error answer's body, whatever its form.</summary>
    public static Problem Read(int status, ReadOnlySpan<byte> body)
    {
        try
        {
            using var document = AnswerJson.Parse(body);
            return Read(status, document.RootElement);
        }
        catch (ProblemException)
        {
            return UpstreamProblem.Of(status, null);
        }
    }

    /// <summary>Reads an error object, found in a body or in a stream.</summary>
    /// <param name="status">The HTTP status, or 0 within a stream: then the error's own <c>code</c> counts where it is a status.</param>
    /// <param name="body">What holds the error.</param>
    public static Problem Read(int status, JsonElement body)
    {
        var error = body.Member("error"u8) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } inner ? inner : body;
        if (status == 0 && error.Member("code"u8).Count() is >= 400 and < 600 and var code) status = (int)code;
        string? message = error.Text() ?? error.String("message"u8) ?? Detail(error.Member("detail"u8));
        return UpstreamProblem.Of(status, message, error.Member("param"u8).SomeText(), error.Member("code"u8).SomeText());
    }

    /// <summary>FastAPI's <c>detail</c>: a text, or a list of complaints; the input that it repeats is left out.</summary>
    private static string? Detail(JsonElement detail)
    {
        if (detail.ValueKind != JsonValueKind.Array) return detail.Text();
        var complaints = detail.Items().Select(item => item.Member("msg"u8).SomeText()).OfType<string>().Take(3);
        return string.Join("; ", complaints);
    }

    private static (string Type, string Code) NamesOf(ProblemKind kind) => kind switch
    {
        ProblemKind.InvalidRequest => ("invalid_request_error", "invalid_request"),
        ProblemKind.Unauthenticated => ("authentication_error", "invalid_api_key"),
        ProblemKind.Forbidden => ("permission_error", "forbidden"),
        ProblemKind.NotFound => ("invalid_request_error", "not_found"),
        ProblemKind.MethodNotAllowed => ("invalid_request_error", "method_not_allowed"),
        ProblemKind.SlowRequest => ("invalid_request_error", "request_timeout"),
        ProblemKind.TooLarge => ("invalid_request_error", "request_too_large"),
        ProblemKind.BudgetExceeded => ("insufficient_quota", "insufficient_quota"),
        ProblemKind.RateLimited => ("rate_limit_error", "rate_limit_exceeded"),
        ProblemKind.NotCountersigned => ("not_countersigned", "not_countersigned"),
        ProblemKind.UpstreamFailed => ("upstream_error", "upstream_failed"),
        ProblemKind.UpstreamUnavailable => ("upstream_error", "upstream_unavailable"),
        ProblemKind.Unavailable => ("server_error", "unavailable"),
        ProblemKind.Timeout => ("timeout_error", "timeout"),
        ProblemKind.Cancelled => ("cancelled", "cancelled"),
        _ => ("server_error", "internal_error"),
    };
}
