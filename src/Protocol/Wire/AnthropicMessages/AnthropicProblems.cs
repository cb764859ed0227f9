using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Anthropic's errors: <c>{"type":"error","error":{type,message},"request_id"}</c>.</summary>
internal static class AnthropicProblems
{
    /// <summary>Writes the body of an error, which is also the data of a stream's <c>error</c> event, without its braces.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Problem problem)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, TypeOf(problem.Kind));
        json.WriteString("message"u8, MessageOf(problem));
        json.WriteEndObject();
        json.WriteNull("request_id"u8);
    }

    /// <summary>The error that an upstream reports within its answer.</summary>
    public static ProblemException InStream(JsonElement root)
    {
        var error = root.Member("error"u8);
        string message = error.String("message"u8) ?? "The upstream reported an error without a message.";
        return new ProblemException(new Problem(KindOf(error.String("type"u8)), message));
    }

    /// <summary>The error for an answer that is JSON, but no message.</summary>
    public static ProblemException NoMessage() =>
        new(new Problem(ProblemKind.UpstreamFailed, "The upstream's answer is not an Anthropic message: it has no 'content' array."));

    // The form has no place for the parameter, so the message names it.
    private static string MessageOf(Problem problem) =>
        problem.Param is { } param && !problem.Message.Contains(param, StringComparison.Ordinal) ? $"{param}: {problem.Message}" : problem.Message;

    private static string TypeOf(ProblemKind kind) => kind switch
    {
        ProblemKind.InvalidRequest => "invalid_request_error",
        ProblemKind.Unauthenticated => "authentication_error",
        ProblemKind.Forbidden => "permission_error",
        ProblemKind.NotFound => "not_found_error",
        ProblemKind.TooLarge => "request_too_large",
        ProblemKind.BudgetExceeded => "billing_error",
        ProblemKind.RateLimited => "rate_limit_error",
        ProblemKind.UpstreamUnavailable => "overloaded_error",
        ProblemKind.Timeout => "timeout_error",
        _ => "api_error",
    };

    private static ProblemKind KindOf(string? type) => type switch
    {
        "invalid_request_error" => ProblemKind.InvalidRequest,
        "request_too_large" => ProblemKind.TooLarge,
        "rate_limit_error" => ProblemKind.RateLimited,
        "overloaded_error" => ProblemKind.UpstreamUnavailable,
        "timeout_error" => ProblemKind.Timeout,
        _ => ProblemKind.UpstreamFailed,
    };
}
