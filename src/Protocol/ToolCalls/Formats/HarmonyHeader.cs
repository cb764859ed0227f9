using Countersign.Protocol.Chat;

namespace Countersign.Protocol.ToolCalls;

/// <summary>What a message's header says: <c>assistant to=functions.f&lt;|channel|&gt;commentary &lt;|constrain|&gt;json</c>, the recipient in either part.</summary>
/// <param name="IsAssistant">Whether the model itself speaks, and not a turn that it repeats.</param>
/// <param name="Channel">The channel; empty where none is named.</param>
/// <param name="Recipient">To whom; <c>null</c> for the user.</param>
internal sealed record HarmonyHeader(bool IsAssistant, string Channel, string? Recipient)
{
    private const string FunctionPrefix = "functions.";

    public static HarmonyHeader Parse(string header)
    {
        string[] parts = header.Split("<|channel|>");
        string role = parts[0].TrimStart();
        string channel = parts.Length > 1 ? parts[^1] : "";
        bool isOther = role.StartsWith("user", StringComparison.Ordinal) || role.StartsWith("system", StringComparison.Ordinal) || role.StartsWith("developer", StringComparison.Ordinal);
        return new HarmonyHeader(!isOther, WordAt(channel.TrimStart()), RecipientIn(channel) ?? RecipientIn(role));
    }

    /// <summary>The function that the message calls; <c>null</c> where it calls none.</summary>
    public string? ToolOf(IReadOnlyList<ToolDefinition> tools)
    {
        if (!IsAssistant || Recipient is null) return null;
        if (Recipient.StartsWith(FunctionPrefix, StringComparison.Ordinal)) return Recipient[FunctionPrefix.Length..];
        return tools.Any(tool => tool.Name == Recipient) ? Recipient : null;
    }

    private static string? RecipientIn(string part)
    {
        int to = part.IndexOf("to=", StringComparison.Ordinal);
        string word = to < 0 ? "" : WordAt(part[(to + 3)..]);
        return word is "" or "assistant" or "user" or "functions." ? null : word;
    }

    private static string WordAt(string text)
    {
        int end = text.AsSpan().IndexOfAny(" \t\r\n<");
        return end < 0 ? text : text[..end];
    }
}
