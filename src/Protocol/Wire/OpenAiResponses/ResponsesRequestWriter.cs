using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;
using Countersign.Protocol.Wire.OpenAiChat;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>Writes a request. What the caller wrote in this API and nobody changed since is written byte for byte; what was changed, added, or came in another API is written from the request's members.</summary>
internal sealed class ResponsesRequestWriter
{
    private static readonly ChatRequest Empty = new() { Api = WireApiKind.OpenAiResponses, Model = "", Messages = [] };

    private readonly ChatRequest request, before;
    private readonly JsonElement body;
    private readonly WireTarget target;
    private readonly Utf8JsonWriter json;
    private readonly ICollection<string> warnings;

    private ResponsesRequestWriter(ChatRequest request, WireTarget target, Utf8JsonWriter json, ICollection<string> warnings)
    {
        var origin = IsOwn(request) ? request.Origin : null;
        (this.request, this.target, this.json, this.warnings) = (request, target, json, warnings);
        (before, body) = (origin?.Request ?? Empty, origin?.Body ?? default);
    }

    /// <exception cref="ProblemException">Something that this API cannot carry and that must not be dropped.</exception>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> warnings)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        ResponsesForeign.Check(request, warnings);
        new ResponsesRequestWriter(request, target, json, warnings).Write();
    }

    private static bool IsOwn(ChatRequest request) => request.Api == WireApiKind.OpenAiResponses;

    private void Write()
    {
        json.WriteStartObject();
        json.WriteString("model"u8, target.Model);
        json.WriteFields(body, name => name != "model" && !request.Extra.ContainsKey(name) && IsUnchanged(name));
        WriteExtra();
        if (!IsUnchanged("input")) new ResponsesInputWriter(json, request, target.Maker, warnings).Write();
        WriteTools();
        WriteText();
        WriteThinking();
        WriteSampling();
        if (!IsOwn(request)) json.WriteBoolean("store"u8, false); // callers of the other APIs did not ask for it to be kept
        if (target.Stream && !IsUnchanged("stream")) json.WriteBoolean("stream"u8, true);
        json.WriteEndObject();
    }

    /// <summary>Whether the field, if the body has it, is there as it shall be sent.</summary>
    private bool IsUnchanged(string name) => body.IsObject() && name switch
    {
        "input" or "instructions" => ReferenceEquals(request.Messages, before.Messages),
        "tools" => ReferenceEquals(request.Tools, before.Tools),
        "tool_choice" => request.ToolChoice == before.ToolChoice && HasToolsAsBefore,
        "parallel_tool_calls" => request.ParallelToolCalls == before.ParallelToolCalls && HasToolsAsBefore,
        "text" => request.ResponseFormat == before.ResponseFormat,
        "reasoning" => request.Thinking == before.Thinking,
        "max_output_tokens" => request.MaxOutputTokens == before.MaxOutputTokens,
        "temperature" => request.Temperature == before.Temperature,
        "top_p" => request.TopP == before.TopP,
        "include" or "top_logprobs" => request.Logprobs == before.Logprobs && request.TopLogprobs == before.TopLogprobs,
        "user" => request.User == before.User,
        "prompt_cache_key" => request.PromptCacheKey == before.PromptCacheKey,
        "stream" => target.Stream == before.Stream,
        "store" => true,
        _ => false,
    };

    private bool HasToolsAsBefore => request.Tools.Count > 0 == before.Tools.Count > 0;

    private void WriteExtra()
    {
        foreach (var (name, value) in request.Extra)
        {
            // A name with a dot is a member of a field that is written otherwise, where the caller did not write it so; a form not known here gives way to a route's own.
            bool isFree = name switch
            {
                "text" => request.ResponseFormat is null,
                "tool_choice" => request.ToolChoice is null,
                "reasoning" => request.Thinking is null,
                _ => !name.Contains('.', StringComparison.Ordinal) || body.HasMember(name),
            };
            if (isFree && (IsOwn(request) || ResponsesForeign.IsCarried(request.Api, name))) json.WriteRaw(name, value);
        }
    }

    private void WriteTools()
    {
        if (request.Tools.Count == 0) return;
        if (!IsUnchanged("tools")) ResponsesTools.Write(json, request);
        if (request.ToolChoice is { } choice && !IsUnchanged("tool_choice")) ResponsesTools.WriteChoice(json, choice);
        if (request.ParallelToolCalls is { } parallel && !IsUnchanged("parallel_tool_calls")) json.WriteBoolean("parallel_tool_calls"u8, parallel);
    }

    private void WriteText()
    {
        if (request.ResponseFormat is not { } format || IsUnchanged("text")) return;
        json.WriteStartObject("text"u8);
        json.WriteStartObject("format"u8);
        bool hasSchema = format is { Kind: ResponseFormatKind.JsonSchema, Schema: not null };
        json.WriteString("type"u8, hasSchema ? "json_schema" : format.Kind == ResponseFormatKind.Text ? "text" : "json_object");
        if (hasSchema)
        {
            json.WriteString("name"u8, format.Name ?? "answer");
            if (format.Description is { } description) json.WriteString("description"u8, description);
            json.WriteRaw("schema", format.Schema!.Value);
            json.WriteBoolean("strict"u8, format.Strict ?? false);
        }

        json.WriteEndObject();
        if (request.Extra.TryGetValue("text.verbosity", out var verbosity)) json.WriteRaw("verbosity", verbosity);
        json.WriteEndObject();
    }

    private void WriteThinking()
    {
        if (request.Thinking is not { } thinking || IsUnchanged("reasoning")) return;
        var level = thinking.Level ?? Thinking.LevelOf(thinking.BudgetTokens ?? 0);
        if (thinking.BudgetTokens is { } budget) warnings.Once($"thinking: a budget of {budget} tokens was sent as reasoning effort '{Thinking.WordOf(level)}'.");
        json.WriteStartObject("reasoning"u8);
        json.WriteString("effort"u8, thinking.Word ?? Thinking.WordOf(level));
        foreach (var member in body.Member("reasoning"u8) is { ValueKind: JsonValueKind.Object } written ? written.EnumerateObject() : default)
        {
            if (member.Name != "effort") json.WriteRaw(member.Name, member.Value);
        }

        json.WriteEndObject();
    }

    private void WriteSampling()
    {
        WriteNumber("max_output_tokens", request.MaxOutputTokens);
        WriteNumber("temperature", request.Temperature);
        WriteNumber("top_p", request.TopP);
        WriteInclude();
        WriteNumber("top_logprobs", request.TopLogprobs);
        if (request.User is { } user && !IsUnchanged("user")) json.WriteString("user"u8, user);
        if (request.PromptCacheKey is { } key && !IsUnchanged("prompt_cache_key")) json.WriteString("prompt_cache_key"u8, key);
    }

    /// <summary>What is not stored must be given out sealed, or the next call of a tool loop goes without it.</summary>
    private void WriteInclude()
    {
        if (IsUnchanged("include")) return;
        List<string> wanted = request.Logprobs ? [ResponsesInclude.Logprobs] : [];
        if (!IsOwn(request) && target.Maker is Makers.OpenAi or Makers.XAi) wanted.Add(ResponsesInclude.Seals);
        ResponsesInclude.Write(json, body.Member("include"u8), wanted);
    }

    private void WriteNumber(string name, double? value)
    {
        if (value is { } number && !IsUnchanged(name)) json.WriteNumber(name, number);
    }

    private void WriteNumber(string name, int? value)
    {
        if (value is { } number && !IsUnchanged(name)) json.WriteNumber(name, number);
    }
}
