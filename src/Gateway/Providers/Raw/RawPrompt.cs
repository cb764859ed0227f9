using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Raw;

/// <summary>A chat as a prompt for a server that goes on with a text.</summary>
/// <param name="Chat">How it is put to the model.</param>
/// <param name="Text">The prompt.</param>
/// <param name="Request">The request's other settings, without what the server cannot enforce.</param>
internal sealed record RawPrompt(RawChat Chat, string Text, ChatRequest Request)
{
    /// <summary>Whether the answer begins within a thought.</summary>
    public bool StartsInThought => Chat.Style.Thoughts?.IsOpenAfter(Text) == true;

    /// <summary>The prompt of a call.</summary>
    /// <exception cref="Protocol.Problems.ProblemException">The template refuses the conversation, or it holds more than text.</exception>
    public static RawPrompt Of(ChatCall call, KnownTemplate known)
    {
        var request = call.Attempt.Request;
        var chat = RawChat.Of(call.Deployment.NameOfFamily, known.Templates, request, call.Trace);
        var breaker = new ControlTextBreaker(known);
        var prompt = new RawPrompt(chat, chat.Render("", known.Eos ?? "", breaker.Break), request);
        if (breaker.HasBroken) call.Trace.Warn("messages: control tokens in the texts got a zero-width space, so that the server does not take them for its own.");
        return prompt with { Request = prompt.Enforceable(call, known) };
    }

    private void WarnOfForeignFields(RequestTrace trace)
    {
        if (Request.Api == WireApiKind.OpenAiChat) return; // Its extra fields are sent.
        foreach (string name in Request.Extra.Where(field => field.Value.ValueKind != JsonValueKind.Null).Select(field => field.Key)) trace.Warn($"{name}: the server asked takes a prompt as text and has no such field; left out.");
    }

    /// <summary>A form can be enforced only from the answer's first token on.</summary>
    private ChatRequest Enforceable(ChatCall call, KnownTemplate known)
    {
        var request = Request;
        Chat.WarnOfStrictTools(call.Trace);
        WarnOfForeignFields(call.Trace);
        if (!known.Templates.HasOwn) request = request with { Stop = [.. request.Stop, TemplateSet.ChatMlEnd] };
        if (request.ToolChoice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named) call.Trace.Warn("tool_choice: not enforced while the answer is generated.");
        if (request.ResponseFormat is null or { Kind: ResponseFormatKind.Text } || (Chat.Tools.Count == 0 && !StartsInThought && !Chat.Style.IsChannelled)) return request;
        call.Trace.Warn($"response_format: not enforced while the answer is generated, as it may {(Chat.Tools.Count == 0 ? "think" : "call tools")} first.");
        return request with { ResponseFormat = null };
    }
}
