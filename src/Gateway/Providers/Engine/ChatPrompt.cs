using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>A conversation as the text, and the tokens, that a model goes on from.</summary>
internal static class ChatPrompt
{
    /// <summary>The conversation in the model's chat template.</summary>
    /// <exception cref="ProblemException">The template refuses it, or it holds more than text.</exception>
    public static string TextOf(LoadedModel model, ChatRequest request, RequestTrace trace)
    {
        RefuseAllButText(request);
        var (template, info) = (model.TemplateOf(request.Tools.Count > 0), model.Engine.Info);
        Warn(model, template, request, trace);
        return template.Render(TemplateInputs.Of(request) with { BosToken = info.Bos?.Text ?? "", EosToken = info.Eos?.Text ?? "" });
    }

    /// <summary>The same in tokens. A begin token that the template does not write is put before it, where the model wants one.</summary>
    /// <exception cref="ProblemException">The template refuses it, or it holds more than text.</exception>
    public static IReadOnlyList<int> TokensOf(LoadedModel model, ChatRequest request, RequestTrace trace)
    {
        var info = model.Engine.Info;
        int[] tokens = model.Engine.Tokenize(TextOf(model, request, trace), addSpecial: false, parseSpecial: true);
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
