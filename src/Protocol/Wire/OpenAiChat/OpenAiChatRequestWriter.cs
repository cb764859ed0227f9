using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Writes a request. What the caller wrote in this API and nobody changed since is written byte for byte; what was changed, added, or came in another API is written from the request's members.</summary>
internal sealed class OpenAiChatRequestWriter
{
    private static readonly ChatRequest Empty = new() { Api = WireApiKind.OpenAiChat, Model = "", Messages = [] };

    private readonly ChatRequest request, before;
    private readonly JsonElement body;
    private readonly JsonObject? fields; // Thinking, in the model's own way on its server.
    private readonly WireTarget target;
    private readonly Utf8JsonWriter json;
    private readonly ICollection<string> warnings;

    private OpenAiChatRequestWriter(ChatRequest request, WireTarget target, Utf8JsonWriter json, ICollection<string> warnings)
    {
        var origin = request.Api == WireApiKind.OpenAiChat ? request.Origin : null;
        (this.request, this.target, this.json, this.warnings) = (request, target, json, warnings);
        (before, body, fields) = (origin?.Request ?? Empty, origin?.Body ?? default, target.Thinking?.Fields);
    }

    /// <exception cref="Problems.ProblemException">Something that this API cannot carry and that must not be dropped.</exception>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> warnings)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        OpenAiChatForeign.Check(request, target, warnings);
        new OpenAiChatRequestWriter(request, target, json, warnings).Write();
    }

    private void Write()
    {
        json.WriteStartObject();
        json.WriteString("model"u8, target.Model);
        json.WriteFields(body, name => name != "model" && IsUnchanged(name));
        WriteExtra();
        WriteConversation();
        WriteSampling();
        WriteThinking();
        WriteStream();
        json.WriteEndObject();
    }

    /// <summary>Whether the field is in the body as it shall be sent; an extra field is written by <see cref="WriteExtra"/>.</summary>
    private bool IsUnchanged(string name) => !request.Extra.ContainsKey(name) && name switch
    {
        "messages" => ReferenceEquals(request.Messages, before.Messages),
        "tools" => ReferenceEquals(request.Tools, before.Tools),
        "tool_choice" => request.ToolChoice == before.ToolChoice && HasToolsAsBefore,
        "parallel_tool_calls" => request.ParallelToolCalls == before.ParallelToolCalls && HasToolsAsBefore,
        "response_format" => request.ResponseFormat == before.ResponseFormat,
        "max_tokens" or "max_completion_tokens" => request.MaxOutputTokens == before.MaxOutputTokens,
        "temperature" => request.Temperature == before.Temperature,
        "top_p" => request.TopP == before.TopP,
        "top_k" => request.TopK == before.TopK,
        "frequency_penalty" => request.FrequencyPenalty == before.FrequencyPenalty,
        "presence_penalty" => request.PresencePenalty == before.PresencePenalty,
        "stop" => ReferenceEquals(request.Stop, before.Stop),
        "seed" => request.Seed == before.Seed,
        "n" => request.ChoiceCount == before.ChoiceCount,
        "logprobs" => request.Logprobs == before.Logprobs,
        "top_logprobs" => request.TopLogprobs == before.TopLogprobs,
        "user" => request.User == before.User,
        "prompt_cache_key" => request.PromptCacheKey == before.PromptCacheKey,
        "stream" => target.Stream == before.Stream,
        "stream_options" => target.Stream && before.IncludeUsage,
        _ => ThinkingKnobs.IsKnob(name) && fields is null && request.Thinking == before.Thinking,
    };

    private bool HasToolsAsBefore => request.Tools.Count > 0 == before.Tools.Count > 0;

    private void WriteExtra()
    {
        foreach (var (name, value) in request.Extra)
        {
            if (request.Api == WireApiKind.OpenAiChat ? IsFree(name) : OpenAiChatForeign.IsCarried(request.Api, name)) json.WriteRaw(name, value);
        }
    }

    /// <summary>Whether an extra field stands where no member of the request is written (a form of <c>tool_choice</c> that is not known here, and then a route's own).</summary>
    private bool IsFree(string name) => name switch
    {
        "response_format" => request.ResponseFormat is null,
        "tool_choice" => request.ToolChoice is null,
        "reasoning_effort" => !WritesThinking,
        _ => fields?.ContainsKey(name) != true,
    };

    private void WriteConversation()
    {
        if (!IsUnchanged("messages") || !body.IsObject()) OpenAiChatMessageWriter.Write(json, request, target, warnings);
        if (!IsUnchanged("tools") && request.Tools.Count > 0) OpenAiChatToolWriter.WriteTools(json, request);
        if (request.Tools.Count > 0)
        {
            if (request.ToolChoice is { } choice && !IsUnchanged("tool_choice")) OpenAiChatToolWriter.WriteChoice(json, choice);
            if (request.ParallelToolCalls is { } parallel && !IsUnchanged("parallel_tool_calls")) json.WriteBoolean("parallel_tool_calls"u8, parallel);
        }

        if (request.ResponseFormat is { } format && !IsUnchanged("response_format")) OpenAiChatToolWriter.WriteFormat(json, format);
    }

    private void WriteSampling()
    {
        WriteNumber(LimitField, request.MaxOutputTokens);
        WriteNumber("temperature", request.Temperature);
        WriteNumber("top_p", request.TopP);
        WriteTopK();
        WriteNumber("frequency_penalty", request.FrequencyPenalty);
        WriteNumber("presence_penalty", request.PresencePenalty);
        WriteStop();
        WriteNumber("seed", request.Seed);
        if (!IsUnchanged("n")) json.WriteNumber("n"u8, request.ChoiceCount);
        if (!IsUnchanged("logprobs")) json.WriteBoolean("logprobs"u8, request.Logprobs);
        WriteNumber("top_logprobs", request.TopLogprobs);
        if (request.User is { } user && !IsUnchanged("user")) json.WriteString("user"u8, user);
        if (request.PromptCacheKey is { } key && !IsUnchanged("prompt_cache_key")) json.WriteString("prompt_cache_key"u8, key);
    }

    private string LimitField => body.Member("max_completion_tokens"u8).Count() is not null ? "max_completion_tokens"
        : body.Member("max_tokens"u8).Count() is not null ? "max_tokens"
        : target.LimitField(WireApiKind.OpenAiChat);

    private void WriteTopK()
    {
        if (request.TopK is null || IsUnchanged("top_k")) return;
        if (target.IsOpenAi) warnings.Add("top_k: OpenAI has no such setting; left out.");
        else json.WriteNumber("top_k"u8, request.TopK.Value);
    }

    private void WriteStop()
    {
        if (request.Stop.Count == 0 || IsUnchanged("stop")) return;
        json.WriteStartArray("stop"u8);
        foreach (string stop in request.Stop) json.WriteStringValue(stop);
        json.WriteEndArray();
    }

    private bool WritesThinking => fields is not null || (request.Thinking is not null && request.Thinking != before.Thinking);

    private void WriteThinking()
    {
        if (fields is not null) ThinkingFields.Write(json, fields, request, body, warnings);
        if (fields is not null || !WritesThinking || request.Thinking is not { } thinking) return;
        var level = thinking.Level ?? Thinking.LevelOf(thinking.BudgetTokens ?? 0);
        if (thinking.BudgetTokens is { } budget) warnings.Add($"thinking: a budget of {budget} tokens was sent as reasoning_effort '{Thinking.WordOf(level)}'.");
        json.WriteString("reasoning_effort"u8, thinking.Word ?? Thinking.WordOf(level));
    }

    private void WriteStream()
    {
        if (!target.Stream) return;
        if (!IsUnchanged("stream")) json.WriteBoolean("stream"u8, true);
        if (IsUnchanged("stream_options")) return;
        json.WriteStartObject("stream_options"u8);
        if (body.Member("stream_options"u8) is { ValueKind: JsonValueKind.Object } options)
        {
            foreach (var option in options.EnumerateObject())
            {
                if (option.Name != "include_usage") json.WriteRaw(option.Name, option.Value);
            }
        }

        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
    }

    private void WriteNumber(string name, double? value)
    {
        if (value is { } number && !IsUnchanged(name)) json.WriteNumber(name, number);
    }

    private void WriteNumber(string name, long? value)
    {
        if (value is { } number && !IsUnchanged(name)) json.WriteNumber(name, number);
    }
}
