using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Templates.Messages;

/// <summary>Puts system messages where the template shows them, so that no instruction is lost: some templates know no system role,
/// some only one at the beginning.</summary>
internal static class SystemMessages
{
    public static IReadOnlyList<ChatMessage> Placed(IReadOnlyList<ChatMessage> messages, TemplateTraits traits)
    {
        bool isFine = traits.TakesSystem && (traits.TakesLateSystem || !messages.Where((message, at) => IsSystem(message) && at > 0).Any());
        if (isFine || !messages.Any(IsSystem)) return messages;

        string instructions = string.Join("\n\n", messages.Where(IsSystem).Select(message => message.Text));
        List<ChatMessage> others = [.. messages.Where(message => !IsSystem(message))];
        if (traits.TakesSystem) return [ChatMessage.Of(ChatRole.System, instructions), .. others];
        return Prepended(others, instructions);
    }

    private static bool IsSystem(ChatMessage message) => message.Role is ChatRole.System or ChatRole.Developer;

    /// <summary>Before the first user message's text.</summary>
    private static List<ChatMessage> Prepended(List<ChatMessage> messages, string instructions)
    {
        int user = messages.FindIndex(message => message.Role == ChatRole.User);
        if (user < 0) return [ChatMessage.Of(ChatRole.User, instructions), .. messages];
        messages[user] = messages[user] with { Parts = [new TextPart(instructions + "\n\n"), .. messages[user].Parts] };
        return messages;
    }
}
