using Countersign.Cascade.Attempts;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers.Raw;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>A conversation as the text, and the tokens, that a model goes on from.</summary>
/// <param name="Chat">How it is put to the model.</param>
/// <param name="Text">The prompt, with the caller's texts guarded.</param>
/// <param name="Tokens">The same in tokens: control tokens are the template's alone, those in the caller's texts are plain text.</param>
internal sealed record ChatPrompt(RawChat Chat, string Text, IReadOnlyList<int> Tokens)
{
    /// <summary>Whether the answer begins within a thought.</summary>
    public bool StartsInThought => Chat.Style.Thoughts?.IsOpenAfter(Text) == true;

    /// <summary>The prompt of a conversation. A begin token that the template does not write is put before it, where the model wants one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="deployment">Names its family.</param>
    /// <param name="request">The conversation.</param>
    /// <param name="trace">Takes what has no effect.</param>
    /// <exception cref="ProblemException">The template refuses it, or it holds more than text.</exception>
    public static ChatPrompt Of(LoadedModel model, Deployment deployment, ChatRequest request, RequestTrace trace)
    {
        var (engine, info) = (model.Engine, model.Engine.Info);
        var chat = RawChat.Of(deployment.NameOfFamily, model.Templates, request, trace);
        string text = chat.Render(info.Bos?.Text ?? "", info.Eos?.Text ?? "", engine.Guard);
        int[] tokens = engine.TokenizePrompt(text);
        bool lacksBegin = info is { AddsBos: true, Bos: { } bos } && (tokens.Length == 0 || tokens[0] != bos.Id);
        return new ChatPrompt(chat, text, lacksBegin ? [info.Bos!.Id, .. tokens] : tokens);
    }
}
