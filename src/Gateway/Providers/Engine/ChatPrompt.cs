using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>A conversation as the text, and the tokens, that a model goes on from.</summary>
internal static class ChatPrompt
{
    /// <summary>The conversation in the model's chat template.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The conversation.</param>
    /// <param name="words">What becomes of the caller's texts on their way into the template; <c>null</c>: nothing.</param>
    /// <param name="trace">Takes what has no effect.</param>
    /// <exception cref="ProblemException">The template refuses it, or it holds more than text.</exception>
    public static string TextOf(LoadedModel model, ChatRequest request, Func<string, string>? words, RequestTrace trace)
    {
        RefuseAllButText(request);
        var (template, info) = (model.TemplateOf(request.Tools.Count > 0), model.Engine.Info);
        Warn(model, template, request, trace);
        return template.Render(TemplateInputs.Of(request) with { Words = words, BosToken = info.Bos?.Text ?? "", EosToken = info.Eos?.Text ?? "" });
    }

    /// <summary>The same in tokens: control tokens are the template's alone, those in the caller's texts are plain text. A begin token that the template does not write is put before it, where the model wants one.</summary>
    /// <exception cref="ProblemException">The template refuses it, or it holds more than text.</exception>
    public static IReadOnlyList<int> TokensOf(LoadedModel model, ChatRequest request, RequestTrace trace)
    {
        var info = model.Engine.Info;
        int[] tokens = model.Engine.TokenizePrompt(TextOf(model, request, model.Engine.Guard, trace));
        return info is { AddsBos: true, Bos: { } bos } && (tokens.Length == 0 || tokens[0] != bos.Id) ? [bos.Id, .. tokens] : tokens;
    }

    private static void RefuseAllButText(ChatRequest request)
    {
        for (int i = 0; i < request.Messages.Count; i++)
        {
            if (request.Messages[i].Parts.Any(part => part is ImagePart or OpaquePart)) throw ProblemException.Invalid("The engine's models read text only.", $"messages[{i}].content");
        }
    }

    private static void Warn(LoadedModel model, ChatTemplate template, ChatRequest request, RequestTrace trace)
    {
        if (!model.HasTemplate) trace.Warn("messages: the model's file has no chat template; ChatML is used.");
        if (request.Tools.Count > 0) trace.Warn(template.Reads("tools") ? "tools: calls are not read out of the model's text; they come as text." : "tools: the model's chat template has no place for tools; left out.");
        if (request.Thinking is not null && !template.Reads("enable_thinking") && !template.Reads("reasoning_effort")) trace.Warn("thinking: the model's chat template has no switch for it; left out.");
    }
}
