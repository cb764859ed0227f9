using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Anthropic's errors: <c>{"type":"error","error":{type,message},"request_id"}</c>.</summary>
internal static class AnthropicProblems
{
    /// <summary>Writes the members of an error's body, which is also the data of a stream's <c>error</c> event, but for its <c>type</c>.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Problem problem)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, TypeOf(problem.Kind));
        json.WriteString("message"u8, MessageOf(problem));
        json.WriteEndObject();
        json.WriteNull("request_id"u8);
    }

    /// <summary>The problem that an error answer means, whatever its form.</summary>
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

    /// <summary>The error that an upstream reports within its answer.</summary>
    public static ProblemException InStream(JsonElement root) => new(Read(0, root));

    /// <summary>The error for an answer that is JSON, but no message.</summary>
    public static ProblemException NoMessage() =>
        new(new Problem(ProblemKind.UpstreamFailed, "The upstream's answer is not an Anthropic message: it has no 'content' array."));

    /// <summary>Writes the whole body of an error answer.</summary>
    public static void Write(Problem problem, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        WriteMembers(json, problem);
        json.WriteEndObject();
    }

    // The form has no place for the parameter, so the message names it.
    private static string MessageOf(Problem problem) =>
        problem.Param is { } param && !problem.Message.Contains(param, StringComparison.Ordinal) ? $"{param}: {problem.Message}" : problem.Message;

    private static string TypeOf(ProblemKind kind) => kind switch
    {
        ProblemKind.InvalidRequest or ProblemKind.MethodNotAllowed or ProblemKind.SlowRequest => "invalid_request_error",
        ProblemKind.Unauthenticated => "authentication_error",
        ProblemKind.Forbidden => "permission_error",
        ProblemKind.NotFound => "not_found_error",
        ProblemKind.TooLarge => "request_too_large",
        ProblemKind.BudgetExceeded => "billing_error",
        ProblemKind.RateLimited => "rate_limit_error",
        ProblemKind.UpstreamUnavailable or ProblemKind.Unavailable => "overloaded_error",
        ProblemKind.Timeout => "timeout_error",
        _ => "api_error",
    };

    private static Problem Read(int status, JsonElement root)
    {
        var error = root.Member("error"u8);
        string? type = error.String("type"u8);
        return UpstreamProblem.Of(status == 0 ? StatusOf(type) : status, error.String("message"u8) ?? error.Text(), code: type) with
        {
            UpstreamStatus = status == 0 ? null : status,
        };
    }

    /// <summary>The HTTP status that an error has where it comes before the answer began; 0 for those of no meaning to us.</summary>
    private static int StatusOf(string? type) => type switch
    {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "permission_error" => 403,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        "overloaded_error" => 529,
        "timeout_error" => 504,
        _ => 0,
    };
}
