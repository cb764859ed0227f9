using System.Text.Json;
using Countersign.Gateway.Tests.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Countersign.Cli.Tests.Clients;

/// <summary>What a model says: a text, or a call of one tool.</summary>
internal sealed record ModelReply(string? Text, string? Tool = null, string? Arguments = null);

/// <summary>The models behind the upstreams of client tests: they call the first tool they are given, read its result, fill in a schema, or say hello. <c>weak-1</c> gets tools and schemas wrong.
/// A message <c>status 429</c> has the upstream refuse with that status; for <c>count nothing</c> the one of OpenAI's API counts no tokens.</summary>
internal static class ScriptedModel
{
    public const string Hello = "Hello, said the model.", AfterTool = "It is 21 degrees in Paris.";

    public static async Task AnswerAsync(HttpContext context)
    {
        using var document = JsonDocument.Parse((string)context.Items["body"]!);
        var request = document.RootElement;
        bool isAnthropic = context.Request.Path.StartsWithSegments("/v1/messages");
        if (context.Request.Path == "/v1/messages/count_tokens") await SendAsync(context, """{"input_tokens":42}""");
        else if (context.Request.Path == "/v1/embeddings") await SendAsync(context, OpenAiForm.Embeddings(request));
        else if (StatusWanted(request) is { } status) await Script.WriteAsync(context, status, "application/json", isAnthropic ? AnthropicForm.Error : OpenAiForm.Error);
        else if (CountsNothing(request)) await SendUncountedAsync(context, request);
        else if (!IsStream(request)) await SendAsync(context, isAnthropic ? AnthropicForm.Whole(ReplyTo(request)) : OpenAiForm.Whole(ReplyTo(request)));
        else await Script.WriteFramesAsync(context, isAnthropic ? AnthropicForm.Frames(ReplyTo(request)) : OpenAiForm.Frames(ReplyTo(request)), TimeSpan.Zero);
    }

    /// <summary>A text as a JSON literal.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static Task SendUncountedAsync(HttpContext context, JsonElement request) => IsStream(request)
        ? Script.WriteFramesAsync(context, OpenAiForm.UncountedFrames(ReplyTo(request)), TimeSpan.Zero)
        : SendAsync(context, OpenAiForm.Uncounted(ReplyTo(request)));

    private static bool IsStream(JsonElement request) => request.TryGetProperty("stream", out var stream) && stream.GetBoolean();

    private static bool CountsNothing(JsonElement request) => request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetRawText().Contains("count nothing", StringComparison.Ordinal);

    private static Task SendAsync(HttpContext context, string body) => Script.WriteAsync(context, 200, "application/json", body);

    private static ModelReply ReplyTo(JsonElement request)
    {
        bool isWeak = request.GetProperty("model").GetString() == "weak-1";
        if (HasToolResult(request)) return new ModelReply(AfterTool);
        if (request.TryGetProperty("tools", out var tools) && tools.GetArrayLength() > 0) return new ModelReply(null, isWeak ? "get_wether" : "get_weather", """{"city":"Paris"}""");
        if (WantsSchema(request)) return new ModelReply(isWeak ? """{"name":"Ada"}""" : """{"name":"Ada","age":36}""");
        return new ModelReply(Hello);
    }

    private static bool HasToolResult(JsonElement request)
    {
        var last = request.GetProperty("messages").EnumerateArray().Last();
        return last.GetProperty("role").GetString() == "tool" || last.GetProperty("content").GetRawText().Contains("tool_result", StringComparison.Ordinal);
    }

    private static bool WantsSchema(JsonElement request) =>
        (request.TryGetProperty("response_format", out var format) && format.GetProperty("type").GetString() == "json_schema")
        || (request.TryGetProperty("output_config", out var config) && config.TryGetProperty("format", out _));

    private static int? StatusWanted(JsonElement request)
    {
        string last = request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetRawText();
        int at = last.IndexOf("status ", StringComparison.Ordinal);
        return at < 0 ? null : int.Parse(last.AsSpan(at + 7, 3), System.Globalization.CultureInfo.InvariantCulture);
    }
}
