using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Gemini;

namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>The reasoning of earlier answers as the model asked next wants it back. Seals (signatures, encrypted reasoning) go to makers who seal only.</summary>
public static class ReplayedReasoning
{
    /// <summary>The request with just that reasoning in it. A family that is not known gets what the caller sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="rule">What the model can do.</param>
    /// <param name="warnings">Takes a line where reasoning is left out that the model's own template would not leave out by itself.</param>
    public static ChatRequest For(ChatRequest request, EffortRule rule, ICollection<string>? warnings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.Family is null) return request;
        bool areSealedById = rule.Seals && request.Api == WireApiKind.OpenAiResponses; // Its reasoning items may have no other seal.
        int lastQuestion = LastQuestion(request.Messages);
        ChatMessage[]? changed = null;
        for (int i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            if (message.Role != ChatRole.Assistant) continue;
            var parts = Parts(message, thought => areSealedById ? Own(thought, rule) : Replayed(thought, rule, IsKept(rule, inToolLoop: i > lastQuestion)), rule);
            if (parts.SequenceEqual(message.Parts)) continue;
            changed ??= [.. request.Messages];
            changed[i] = message with { Parts = parts, Wire = null }; // It is no longer what the caller wrote.
        }

        if (changed is null) return request;
        if (rule.Replay == ReasoningReplay.Never) warnings?.Once($"messages: {rule.Family} takes no reasoning of earlier answers; left out.");
        return request with { Messages = changed };
    }

    /// <summary>Whether a body of any API may hold a seal that only one maker takes back. A look at the bytes.</summary>
    public static bool MayHoldForeignSeal(ReadOnlySpan<byte> body) => body.IndexOf("\"gemini:"u8) >= 0;

    private static bool IsKept(EffortRule rule, bool inToolLoop) => rule.Replay == ReasoningReplay.Always || (rule.Replay == ReasoningReplay.ToolLoop && inToolLoop);

    private static List<ContentPart> Parts(ChatMessage message, Func<ReasoningPart, ReasoningPart?> replayed, EffortRule rule)
    {
        var parts = message.Parts.Select(part => part is ReasoningPart thought ? replayed(thought) : part).OfType<ContentPart>().ToList();
        if (rule is { Replay: ReasoningReplay.Always, Seals: false } && !parts.Any(part => part is ReasoningPart)) parts.Insert(0, new ReasoningPart(""));
        return parts;
    }

    private static ReasoningPart? Replayed(ReasoningPart thought, EffortRule rule, bool isKept)
    {
        bool isSealed = thought.Signature is not null || thought.Redacted is not null;
        if (!isKept) return null;
        if (rule.Seals) return isSealed ? Own(thought, rule) : null;
        if (!isSealed) return thought;
        return thought.Text.Length == 0 ? null : new ReasoningPart(thought.Text);
    }

    /// <summary>The thought, unless it is known to be sealed by another maker.</summary>
    private static ReasoningPart? Own(ReasoningPart thought, EffortRule rule)
    {
        string? maker = GeminiSeal.IsOne(thought.Signature) ? GeminiSeal.Maker : thought.Maker;
        return maker is null || maker == rule.SealedBy ? thought : null;
    }

    /// <summary>The last message of the user that is more than a tool's result: what follows is the tool loop under way.</summary>
    private static int LastQuestion(IReadOnlyList<ChatMessage> messages)
    {
        int at = messages.Count - 1;
        while (at >= 0 && !(messages[at].Role == ChatRole.User && messages[at].Parts.Any(part => part is not ToolResultPart))) at--;
        return at;
    }
}
