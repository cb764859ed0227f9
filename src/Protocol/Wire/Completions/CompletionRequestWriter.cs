using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Completions;

/// <summary>Writes a chat whose prompt is rendered as a request of a completions API: OpenAI's (<c>/v1/completions</c>), or llama-server's own (<c>/completion</c>).</summary>
public sealed class CompletionRequestWriter
{
    private static readonly string[] OfTheTemplate = ["chat_template_kwargs", "documents", "reasoning_effort", "thinking", "enable_thinking"];

    private readonly ChatRequest request;
    private readonly WireTarget target;
    private readonly Utf8JsonWriter json;

    private CompletionRequestWriter(ChatRequest request, WireTarget target, Utf8JsonWriter json) => (this.request, this.target, this.json) = (request, target, json);

    /// <summary>Whether a server is asked in llama-server's own API.</summary>
    public static bool IsLlama(string? server) => server == "llama.cpp";

    /// <summary>Writes the body.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="prompt">Its conversation, rendered.</param>
    /// <param name="style">How the answer is written: marks of thoughts and calls must come as text.</param>
    /// <param name="target">Who is asked.</param>
    /// <param name="output">Takes the body.</param>
    /// <exception cref="ProblemException">Several choices are asked of llama-server's own API, which gives one.</exception>
    public static void Write(ChatRequest request, string prompt, TextStyle style, WireTarget target, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(style);
        ArgumentNullException.ThrowIfNull(target);
        bool isLlama = IsLlama(target.Server);
        if (isLlama && request.ChoiceCount > 1) throw ProblemException.Invalid("llama-server's completion API gives one choice: leave 'n' out, or ask another server.", "n");
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        var writer = new CompletionRequestWriter(request, target, json);
        json.WriteStartObject();
        json.WriteString("prompt"u8, prompt);
        writer.WriteSampling(isLlama ? "n_predict" : "max_tokens");
        if (isLlama) writer.WriteLlama(style);
        else writer.WriteOpenAi(style);
        writer.WriteExtra();
        json.WriteEndObject();
    }

    private void WriteSampling(string limit)
    {
        WriteNumber(limit, request.MaxOutputTokens);
        WriteNumber("temperature", request.Temperature);
        WriteNumber("top_p", request.TopP);
        WriteNumber("top_k", request.TopK);
        WriteNumber("frequency_penalty", request.FrequencyPenalty);
        WriteNumber("presence_penalty", request.PresencePenalty);
        WriteNumber("seed", request.Seed);
        if (request.Stop.Count > 0) WriteTexts("stop", request.Stop);
        if (target.Stream) json.WriteBoolean("stream"u8, true);
    }

    private void WriteOpenAi(TextStyle style)
    {
        json.WriteString("model"u8, target.Model);
        if (request.ChoiceCount > 1) json.WriteNumber("n"u8, request.ChoiceCount);
        if (request.Logprobs) json.WriteNumber("logprobs"u8, request.TopLogprobs ?? 0);
        if (!style.IsPlain && target.Server is "vllm" or "sglang") json.WriteBoolean("skip_special_tokens"u8, false);
        if (request.ResponseFormat is { } format) OpenAiChat.OpenAiChatToolWriter.WriteFormat(json, format);
        if (!target.Stream) return;
        json.WriteStartObject("stream_options"u8);
        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
    }

    private void WriteLlama(TextStyle style)
    {
        json.WriteBoolean("cache_prompt"u8, true);
        if (request.Logprobs) json.WriteNumber("n_probs"u8, Math.Max(1, request.TopLogprobs ?? 0));
        if (!style.IsPlain) WriteTexts("preserved_tokens", style.Marks);
        if (request.ResponseFormat is { Kind: ResponseFormatKind.JsonSchema, Schema: { } schema }) json.WriteRaw("json_schema", schema);
        else if (request.ResponseFormat is { Kind: not ResponseFormatKind.Text }) WriteAnyObject();
    }

    private void WriteAnyObject()
    {
        json.WriteStartObject("json_schema"u8);
        json.WriteString("type"u8, "object"u8);
        json.WriteEndObject();
    }

    /// <summary>Settings that the request has no member for are the caller's own; the server knows them or not.</summary>
    private void WriteExtra()
    {
        if (request.Api != WireApiKind.OpenAiChat) return;
        foreach (var (name, value) in request.Extra)
        {
            if (!OfTheTemplate.Contains(name)) json.WriteRaw(name, value);
        }
    }

    private void WriteTexts(string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private void WriteNumber(string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    private void WriteNumber(string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }
}
