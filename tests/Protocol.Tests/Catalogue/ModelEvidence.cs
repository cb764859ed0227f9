using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Catalogue;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Tests.Dialects.Efforts;
using Countersign.Protocol.Tests.ToolCalls;
using Countersign.Protocol.ToolCalls;
using Countersign.Protocol.Wire;
using static Countersign.Protocol.Tests.Wire.WireTesting;

using JsonObject = System.Text.Json.Nodes.JsonObject;

namespace Countersign.Protocol.Tests.Catalogue;

/// <summary>What can be shown of a model here and now: each answer is a small run of the code that serves it.</summary>
internal sealed class ModelEvidence(CatalogueModel model)
{
    private const string Talk = """
        {"model":"m","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"1","reasoning_content":"old"},{"role":"user","content":"two"},
          {"role":"assistant","content":null,"reasoning_content":"new","tool_calls":[{"id":"c1","type":"function","function":{"name":"ping","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"pong"}]}
        """;

    private const string Seal = "c2VhbA";

    private static readonly IReadOnlyList<ToolDefinition> Tools = RawCase.ToolsOf(JsonElement.Parse("""{"ping": {"host": "string"}}"""));

    private readonly FamilyRow? family = FamilyTables.Shipped.Find(model.Id);
    private readonly TextStyle style = TextStyles.For(model.Id);

    public bool IsReleased => model.Unreleased is null;

    public bool IsClosed => model.Openness?.Value == Openness.Closed;

    public bool Thinks => family?.Thinks is not Protocol.Dialects.Efforts.Thinks.Never;

    private bool IsDocumented => family is not null && family.Source != FamilyTables.Unverified;

    /// <summary>The API whose answers its maker gives; <c>null</c>: none that is read natively here.</summary>
    private WireApiKind? MakersApi => model.Vendor switch { "Anthropic" => WireApiKind.AnthropicMessages, "OpenAI" when IsClosed => WireApiKind.OpenAiResponses, "xAI" => WireApiKind.OpenAiResponses, "Google" when IsClosed => WireApiKind.Gemini, _ => null };

    /// <summary>Whether the knob's rule is documented on some server, and its family is among those whose every setting is held in <c>applied.tsv</c>.</summary>
    public bool ThinkingIsTold => family is not null && IssueModels.Names.Any(name => FamilyTables.Shipped.Find(name) == family) && IssueModels.Servers.Any(server => !EffortRules.For(model.Id, server).Assumed);

    /// <summary>Whether its reasoning is told from its answer, piece by piece.</summary>
    public bool ReasoningIsRead
    {
        get
        {
            if (MakersApi is { } api) return Answer(api).OfType<ReasoningDelta>().Any();
            if (IsClosed || !(IsDocumented || style.Calls == ToolCallFormats.Pangu)) return false; // Of openPangu the marks are recorded, its switch is not.
            string? raw = style.Calls == ToolCallFormats.Harmony ? "<|channel|>analysis<|message|>because<|end|><|start|>assistant<|channel|>final<|message|>so" : style.Thoughts is { } marks ? $"{marks.Open[0]}because{marks.Close[0]}so" : null;
            if (raw is null) return false;
            var read = Read(raw);
            return (string.Concat(read.Reasoning.Select(part => part.Text)).Trim(), read.Text?.Trim()) == ("because", "so");
        }
    }

    /// <summary>Whether earlier reasoning goes back as the family's rule says; of makers who seal it, the sealed one, in their own API.</summary>
    public bool ReasoningGoesBack
    {
        get
        {
            if (!IsDocumented) return false;
            var rule = EffortRules.For(model.Id, null);
            if (rule.SealedBy is { } maker) return MakersApi is { } api && WrittenTo(api, ReplayedReasoning.For(Sealed(ReadChat(Talk), maker), rule), maker).Contains(Seal, StringComparison.Ordinal);
            var replayed = ReplayedReasoning.For(ReadChat(Talk), rule);
            string?[] kept = [.. replayed.Messages.Where(message => message.Role == ChatRole.Assistant).Select(message => message.Parts.OfType<ReasoningPart>().SingleOrDefault()?.Text)];
            return kept.SequenceEqual(rule.Replay switch { ReasoningReplay.Never => [null, null], ReasoningReplay.Always => ["old", "new"], _ => new[] { null, "new" } });
        }
    }

    /// <summary>Whether a call that it writes is read, character by character.</summary>
    public bool CallsAreRead
    {
        get
        {
            if (MakersApi is { } api) return Answer(api).OfType<ToolCallDelta>().Any();
            bool isPrompted = model.Tools?.Value == ToolAbility.Prompted;
            if (IsClosed || (style.Calls ?? (isPrompted ? ToolCallFormats.Hermes : null)) is not { } format) return false;
            var calls = Read(WrittenAnswers.Write(format, "", [new WrittenCall("ping", new JsonObject { ["host"] = "a" })]), style with { Calls = format }).ToolCalls;
            return calls is [{ Name: "ping" } call] && JsonNode.DeepEquals(JsonNode.Parse(call.Arguments), JsonNode.Parse("""{"host":"a"}"""));
        }
    }

    /// <summary>Whether calls and results go back: in its maker's API, by a template that is held and rendered, or in our own words.</summary>
    public bool CallsGoBack
    {
        get
        {
            if (MakersApi is { } api) return WrittenTo(api, ReadChat(Talk)).Contains("pong", StringComparison.Ordinal);
            if (IsClosed) return false;
            if (model.Tools?.Value != ToolAbility.Prompted) return model.Template is not null;
            return PromptedTools.Apply(ReadChat(Talk)).Messages.Any(message => message.Text.Contains("pong", StringComparison.Ordinal));
        }
    }

    /// <summary>Whether usage is counted as its server counts: open weights have vLLM's and SGLang's form, makers their own.</summary>
    public bool UsageIsCounted => MakersApi is { } api ? Answer(api).OfType<UsageReported>().Any(told => told.Usage is { InputTokens: 5, OutputTokens: 7 }) : !IsClosed && Answer(WireApiKind.OpenAiChat).OfType<UsageReported>().Any(told => told.Usage is { InputTokens: 5, OutputTokens: 7 });

    /// <summary>Whether a dated list price is known on which sources agree.</summary>
    public bool HasPrice => model.Prices.Any(price => price.Disputed.Count == 0);

    private ChatChoice Read(string raw, TextStyle? told = null) => new RawCase(model.Id, told ?? style, raw, false, Tools, null).Read(raw.Select(letter => letter.ToString()));

    private static ChatRequest Sealed(ChatRequest talk, string maker) => talk with { Messages = [.. talk.Messages.Select(message => message with { Parts = [.. message.Parts.Select(part => part is ReasoningPart thought ? thought with { Signature = Seal, Maker = maker } : part)], Wire = null })] };

    private string WrittenTo(WireApiKind api, ChatRequest request, string? maker = null) => Written(output => UpstreamApi.Of(api).WriteRequest(request with { MaxOutputTokens = 100 }, new WireTarget(model.Id, false) { Maker = maker }, output, []));

    private static List<ChatEvent> Answer(WireApiKind api)
    {
        string body = api switch
        {
            WireApiKind.AnthropicMessages => """{"type":"message","content":[{"type":"thinking","thinking":"because","signature":"s"},{"type":"tool_use","id":"c1","name":"ping","input":{}}],"stop_reason":"tool_use","usage":{"input_tokens":5,"output_tokens":7}}""",
            WireApiKind.OpenAiResponses => """{"object":"response","status":"completed","output":[{"type":"reasoning","id":"r1","summary":[{"type":"summary_text","text":"because"}]},{"type":"function_call","id":"f1","call_id":"c1","name":"ping","arguments":"{}"}],"usage":{"input_tokens":5,"output_tokens":7}}""",
            WireApiKind.Gemini => """{"candidates":[{"content":{"parts":[{"text":"because","thought":true},{"functionCall":{"id":"c1","name":"ping","args":{}},"thoughtSignature":"s"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":3,"thoughtsTokenCount":4,"totalTokenCount":12}}""",
            _ => """{"choices":[{"index":0,"message":{"content":null,"reasoning_content":"because","tool_calls":[{"id":"c1","type":"function","function":{"name":"ping","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"completion_tokens":7}}""",
        };
        List<ChatEvent> events = [];
        UpstreamApi.Of(api).NewAnswerReader().ReadWhole(Encoding.UTF8.GetBytes(body), events);
        return events;
    }
}
