using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Writes a request. What the caller wrote in this API and nobody changed since is written byte for byte; what was changed, added, or came in another API is written from the request's members.</summary>
internal sealed class AnthropicRequestWriter
{
    /// <summary>The output limit where the caller set none: this API demands one. The same as a deployment's default.</summary>
    public const int DefaultMaxTokens = 8192;

    private static readonly ChatRequest Empty = new() { Api = WireApiKind.AnthropicMessages, Model = "", Messages = [] };

    private readonly ChatRequest request, before;
    private readonly JsonElement body;
    private readonly WireTarget target;
    private readonly Utf8JsonWriter json;
    private readonly ICollection<string> warnings;
    private readonly int maxTokens;
    private readonly Thinking? thinking;

    private AnthropicRequestWriter(ChatRequest request, WireTarget target, Utf8JsonWriter json, ICollection<string> warnings)
    {
        var origin = IsOwn(request) ? request.Origin : null;
        (this.request, this.target, this.json, this.warnings) = (request, target, json, warnings);
        (before, body) = (origin?.Request ?? Empty, origin?.Body ?? default);
        maxTokens = request.MaxOutputTokens ?? DefaultMaxTokens;
        thinking = IsOwn(request) ? request.Thinking : AnthropicForeign.Thinking(request, maxTokens, warnings);
    }

    /// <exception cref="ProblemException">Something that this API cannot carry and that must not be dropped.</exception>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> warnings)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        if (!IsOwn(request)) AnthropicForeign.Check(request, warnings);
        new AnthropicRequestWriter(request, target, json, warnings).Write();
    }

    private static bool IsOwn(ChatRequest request) => request.Api == WireApiKind.AnthropicMessages;

    private void Write()
    {
        json.WriteStartObject();
        json.WriteString("model"u8, target.Model);
        json.WriteFields(body, name => name != "model" && !request.Extra.ContainsKey(name) && IsUnchanged(name));
        WriteExtra();
        if (!IsUnchanged("messages")) AnthropicMessageWriter.Write(json, request, warnings);
        WriteTools();
        WriteLimits();
        WriteSampling();
        WriteThinking();
        if (request.User is { } user && !IsUnchanged("metadata")) WriteUser(user);
        if (target.Stream && !IsUnchanged("stream")) json.WriteBoolean("stream"u8, true);
        json.WriteEndObject();
    }

    /// <summary>Whether the field, if the body has it, is there as it shall be sent.</summary>
    private bool IsUnchanged(string name) => body.IsObject() && name switch
    {
        "messages" or "system" => ReferenceEquals(request.Messages, before.Messages),
        "tools" => ReferenceEquals(request.Tools, before.Tools),
        "tool_choice" => request.ToolChoice == before.ToolChoice && request.ParallelToolCalls == before.ParallelToolCalls && request.Tools.Count > 0 == before.Tools.Count > 0,
        "max_tokens" => request.MaxOutputTokens == before.MaxOutputTokens && before.MaxOutputTokens is not null,
        "temperature" => request.Temperature == before.Temperature,
        "top_p" => request.TopP == before.TopP,
        "top_k" => request.TopK == before.TopK,
        "stop_sequences" => ReferenceEquals(request.Stop, before.Stop),
        "thinking" => request.Thinking == before.Thinking,
        "output_config" => request.Thinking == before.Thinking && request.ResponseFormat == before.ResponseFormat,
        "output_format" => request.ResponseFormat == before.ResponseFormat,
        "metadata" => request.User == before.User,
        "stream" => target.Stream == before.Stream,
        _ => false,
    };

    private void WriteExtra()
    {
        foreach (var (name, value) in request.Extra)
        {
            // A name with a dot is a member of a field that is written otherwise, where the caller did not write it so; thinking of a new kind gives way to a route's own.
            if (IsOwn(request) && (!name.Contains('.', StringComparison.Ordinal) || body.HasMember(name)) && (name != "thinking" || IsUnchanged("thinking"))) json.WriteRaw(name, value);
        }
    }

    private void WriteTools()
    {
        if (request.Tools.Count == 0) return;
        if (!IsUnchanged("tools")) AnthropicTools.Write(json, request);
        bool hasChoice = request.ToolChoice is not null || request.ParallelToolCalls == false;
        if (hasChoice && !IsUnchanged("tool_choice")) AnthropicTools.WriteChoice(json, request.ToolChoice, request.ParallelToolCalls);
    }

    private void WriteLimits()
    {
        if (!IsUnchanged("max_tokens"))
        {
            if (request.MaxOutputTokens is null) warnings.Once($"max_tokens: Anthropic's API demands a limit and the request has none; {DefaultMaxTokens} was sent.");
            json.WriteNumber("max_tokens"u8, maxTokens);
        }

        if (request.Stop.Count == 0 || IsUnchanged("stop_sequences")) return;
        json.WriteStartArray("stop_sequences"u8);
        foreach (string stop in request.Stop)
        {
            if (string.IsNullOrWhiteSpace(stop)) warnings.Once("stop: Anthropic's API takes no stop text of white space only; left out.");
            else json.WriteStringValue(stop);
        }

        json.WriteEndArray();
    }

    private void WriteSampling()
    {
        bool isThinking = !IsOwn(request) && thinking is not null && thinking.Level != ThinkingLevel.Off;
        WriteNumber("temperature", request.Temperature, isThinking);
        WriteNumber("top_p", request.TopP, isThinking);
        if (request.TopK is { } topK && !IsUnchanged("top_k"))
        {
            if (isThinking) WarnOfThinking("top_k");
            else json.WriteNumber("top_k"u8, topK);
        }
    }

    private void WriteNumber(string name, double? value, bool isThinking)
    {
        if (value is not { } number || IsUnchanged(name)) return;
        if (isThinking)
        {
            WarnOfThinking(name);
            return;
        }

        if (number > 1) warnings.Once($"{name}: Anthropic's API goes up to 1; {number} was lowered to it.");
        json.WriteNumber(name, Math.Min(number, 1));
    }

    private void WarnOfThinking(string name) => warnings.Once($"{name}: Anthropic's API takes none while the model thinks; left out.");

    private void WriteThinking()
    {
        if (thinking is not null && !IsUnchanged("thinking")) AnthropicThinking.Write(json, thinking, IsOwn(request) ? request.Extra.GetValueOrDefault("thinking.display") : default);
        if (IsUnchanged("output_config")) return;
        string? effort = AnthropicThinking.EffortOf(thinking);
        bool hasSchema = request.ResponseFormat is { Kind: ResponseFormatKind.JsonSchema, Schema: not null } && !(IsUnchanged("output_format") && body.Member("output_format"u8).IsObject());
        if (effort is null && !hasSchema) return;
        json.WriteStartObject("output_config"u8);
        if (effort is not null) json.WriteString("effort"u8, effort);
        if (hasSchema) WriteFormat(request.ResponseFormat!.Schema!.Value);
        json.WriteEndObject();
    }

    private void WriteFormat(JsonElement schema)
    {
        json.WriteStartObject("format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteRaw("schema", schema);
        json.WriteEndObject();
    }

    private void WriteUser(string user)
    {
        json.WriteStartObject("metadata"u8);
        json.WriteString("user_id"u8, user);
        json.WriteEndObject();
    }
}
