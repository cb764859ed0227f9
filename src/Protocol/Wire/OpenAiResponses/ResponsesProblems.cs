using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>Errors that a response or its stream carries in forms of their own; error answers have the form that <see cref="OpenAiProblem"/> knows.</summary>
internal static class ResponsesProblems
{
    /// <summary>The <c>error</c> event: its members stand flat, or in <c>error</c> as elsewhere.</summary>
    public static ProblemException InStream(JsonElement root) => new(Read(root.Member("error"u8) is { ValueKind: JsonValueKind.Object } error ? error : root));

    /// <summary>Why a response failed, or <c>null</c> where it did not.</summary>
    public static ProblemException? Of(JsonElement response)
    {
        if (response.Member("error"u8) is { ValueKind: JsonValueKind.Object } error) return new ProblemException(Read(error));
        return response.String("status"u8) is "failed" or "cancelled" ? new ProblemException(Read(default)) : null;
    }

    /// <summary>The error for an answer that is JSON, but no response.</summary>
    public static ProblemException NoResponse(JsonElement body) => Of(body) ??
        new ProblemException(new Problem(ProblemKind.UpstreamFailed, "The upstream's answer is not a response of OpenAI's Responses API: it has no 'output' array."));

    /// <summary>A response's <c>error</c>: its codes, such as <c>server_error</c>, have no HTTP status.</summary>
    private static Problem Read(JsonElement error)
    {
        string? code = error.Member("code"u8).SomeText();
        int status = code switch
        {
            "rate_limit_exceeded" => 429,
            "server_is_overloaded" => 503,
            "invalid_prompt" or "context_length_exceeded" => 400,
            _ => 0,
        };
        return UpstreamProblem.Of(status, error.String("message"u8), error.Member("param"u8).SomeText(), code) with { UpstreamStatus = null };
    }
}
