using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>A switch of thinking that is words to the model.</summary>
public static class SaidThinking
{
    /// <summary>The request with what is to be said at the end of the user's last message, unless it ends so already.</summary>
    public static ChatRequest Add(ChatRequest request, AppliedThinking applied)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(applied);
        int last = request.Messages.ToList().FindLastIndex(message => message.Role == ChatRole.User);
        if (applied.Said is not { } words || last < 0 || request.Messages[last].Text.TrimEnd().EndsWith(words, StringComparison.Ordinal)) return request;
        var messages = request.Messages.ToArray();
        messages[last] = messages[last] with { Parts = WithWords(messages[last].Parts, words), Wire = null };
        return request with { Messages = messages };
    }

    private static ContentPart[] WithWords(IReadOnlyList<ContentPart> parts, string words) =>
        parts is [.., TextPart text] ? [.. parts.SkipLast(1), new TextPart($"{text.Text} {words}")] : [.. parts, new TextPart(words)];
}
