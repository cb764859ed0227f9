using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.Dialects.PromptCaching;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates;
using Countersign.Protocol.ToolCalls;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Raw;

/// <summary>A conversation with a model that takes a text and goes on with it: what its template is given, and how its answer is read.</summary>
/// <param name="Request">The conversation as the template has it. Where the family has no tool calls of its own, tools are described in words.</param>
/// <param name="Tools">The tools that the answer may call.</param>
/// <param name="Template">Writes the prompt.</param>
/// <param name="Style">How thoughts and calls stand in the answer.</param>
internal sealed record RawChat(ChatRequest Request, IReadOnlyList<ToolDefinition> Tools, ChatTemplate Template, TextStyle Style)
{
    /// <summary>How a request is put to a model.</summary>
    /// <param name="family">The model's family, or its name.</param>
    /// <param name="templates">Its templates.</param>
    /// <param name="request">The request.</param>
    /// <param name="trace">Takes what has no effect.</param>
    /// <exception cref="ProblemException">The request holds more than text, or refers to something stored elsewhere.</exception>
    public static RawChat Of(string family, TemplateSet templates, ChatRequest request, RequestTrace trace)
    {
        RefuseAllButText(request);
        ForeignFields.RefuseState(request);
        request = StableTools.Of(request);
        bool offersTools = request.Tools.Count > 0 && request.ToolChoice?.Mode != ToolChoiceMode.None;
        var (template, style) = (templates.For(offersTools), TextStyles.For(family));
        bool isNative = style.Calls is not null && template.Reads("tools");
        if (!isNative && (offersTools || SpeaksOfTools(request))) style = style with { Calls = ToolCallFormats.Hermes };
        var chat = new RawChat(
            isNative ? request with { Tools = offersTools ? request.Tools : [] } : PromptedTools.Apply(request),
            offersTools ? request.Tools : [], template, offersTools ? style : style.WithoutCalls());
        chat.Warn(family, templates, request, isNative, trace);
        return chat;
    }

    /// <summary>The prompt.</summary>
    /// <param name="bos">The text of the model's begin token.</param>
    /// <param name="eos">The text of its end token.</param>
    /// <param name="words">What becomes of the caller's texts on their way into the template; <c>null</c>: nothing.</param>
    /// <exception cref="ProblemException">The template refuses the conversation.</exception>
    public string Render(string bos, string eos, Func<string, string>? words) =>
        Template.Render(TemplateInputs.Of(Request) with { Words = words, BosToken = bos, EosToken = eos });

    /// <summary>Says that arguments of calls are not held to their schemas although a tool asks for it.</summary>
    public void WarnOfStrictTools(RequestTrace trace)
    {
        if (Tools.Any(tool => tool.Strict == true)) trace.Warn("tools: 'strict' is not enforced while the answer is generated; the validator 'tool_call' judges the calls afterwards.");
    }

    private static bool SpeaksOfTools(ChatRequest request) =>
        request.Messages.Any(message => message.Role == ChatRole.Tool || message.Parts.Any(part => part is ToolCallPart or ToolResultPart));

    private static void RefuseAllButText(ChatRequest request)
    {
        for (int i = 0; i < request.Messages.Count; i++)
        {
            if (request.Messages[i].Parts.Any(part => part is ImagePart or OpaquePart)) throw ProblemException.Invalid("This model reads text only.", $"messages[{i}].content");
        }
    }

    private void Warn(string family, TemplateSet templates, ChatRequest request, bool isNative, RequestTrace trace)
    {
        if (!TextStyles.IsKnown(family)) trace.Warn($"model: the family of '{family}' is not known, so that reasoning and tool calls in its text may not be told apart. Say the deployment's 'family'.");
        if (!templates.HasOwn) trace.Warn("messages: the model has no chat template; ChatML is used.");
        if (isNative && Tools.Count > 0 && request.ParallelToolCalls == false) trace.Warn("parallel_tool_calls: the model's chat template has no switch for it; left out.");
        foreach (string place in UnreadMembers.Of(request)) trace.Warn($"{place}: a prompt has no place for it; left out.");
        if (request.Thinking is not null && !TemplateInputs.Of(request).Arguments.Keys.Any(Template.Reads)) trace.Warn("thinking: the model's chat template has no switch for it; left out.");
    }
}
