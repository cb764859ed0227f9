using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>The reasoning of earlier answers as the model asked next wants it back. Seals (signatures, encrypted reasoning) go to makers who seal only.</summary>
public static class ReplayedReasoning
{
    /// <summary>The request with just that reasoning in it. A family that is not known gets what the caller sent, but for seals that name another maker.</summary>
    /// <param name="request">The request.</param>
    /// <param name="rule">What the model can do.</param>
    /// <param name="warnings">Takes a line where reasoning is left out that the model's own template would not leave out by itself.</param>
    public static ChatRequest For(ChatRequest request, EffortRule rule, ICollection<string>? warnings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(rule);
        bool areSealedById = rule.Seals && request.Api == WireApiKind.OpenAiResponses; // Its reasoning items may have no other seal.
        int lastQuestion = LastQuestion(request.Messages);
        ChatMessage[]? changed = null;
        for (int i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            if (message.Role != ChatRole.Assistant) continue;
            var parts = Parts(message, thought => areSealedById ? Own(thought, rule, request.Api) : Replayed(thought, rule, request.Api, IsKept(rule, inToolLoop: i > lastQuestion)), rule);
            if (parts.SequenceEqual(message.Parts) && !HoldsMarks(message, request.Api)) continue;
            changed ??= [.. request.Messages];
            changed[i] = message with { Parts = parts, Wire = null }; // It is no longer what the caller wrote.
        }

        if (changed is null) return request;
        if (request.Messages.Any(message => message.Parts.Any(part => part is ReasoningPart thought && IsForeign(thought, rule, request.Api))))
            warnings?.Once("messages: sealed reasoning of earlier answers belongs to its maker; left out.");
        if (rule.Replay == ReasoningReplay.Never) warnings?.Once($"messages: {rule.Family} takes no reasoning of earlier answers; left out.");
        return request with { Messages = changed };
    }

    private static bool IsKept(EffortRule rule, bool inToolLoop) => rule.Family is null || rule.Replay == ReasoningReplay.Always || (rule.Replay == ReasoningReplay.ToolLoop && inToolLoop);

    private static List<ContentPart> Parts(ChatMessage message, Func<ReasoningPart, ReasoningPart?> replayed, EffortRule rule)
    {
        var parts = message.Parts.Select(part => part is ReasoningPart thought ? replayed(thought) : part).OfType<ContentPart>().ToList();
        if (rule is { Replay: ReasoningReplay.Always, Seals: false } && !parts.Any(part => part is ReasoningPart)) parts.Insert(0, new ReasoningPart(""));
        return parts;
    }

    private static ReasoningPart? Replayed(ReasoningPart thought, EffortRule rule, WireApiKind api, bool isKept)
    {
        bool isSealed = thought.Signature is not null || thought.Redacted is not null;
        if (!isKept) return null;
        if (rule.Family is null && (!isSealed || !IsForeign(thought, rule, api))) return thought;
        if (rule.Seals) return isSealed ? Own(thought, rule, api) : null;
        if (!isSealed) return thought;
        return thought.Text.Length == 0 ? null : new ReasoningPart(thought.Text);
    }

    /// <summary>Whether what the caller wrote has seals that are marked by their maker: they are opened before they go to it. In OpenAI's chat API the maker stands beside the seal.</summary>
    private static bool HoldsMarks(ChatMessage message, WireApiKind api) =>
        api != WireApiKind.OpenAiChat && message.Wire is not null && message.Parts.Any(part => part is ReasoningPart { Maker: not null });

    /// <summary>The thought, unless it is known to be sealed by another maker.</summary>
    private static ReasoningPart? Own(ReasoningPart thought, EffortRule rule, WireApiKind api) => IsForeign(thought, rule, api) ? null : thought;

    /// <summary>Two makers give Responses clients their seals without a mark where answers are passed on; these are told apart by their form. Behind a server where anyone may be, that says nothing.</summary>
    private static bool IsForeign(ReasoningPart thought, EffortRule rule, WireApiKind api)
    {
        if (thought.Maker is not null) return thought.Maker != rule.SealedBy;
        if (api != WireApiKind.OpenAiResponses || rule.SealedBy is null || thought.Signature is not { } seal) return false;
        return Seal.IsOpenAisByForm(seal) != (rule.SealedBy == Makers.OpenAi);
    }

    /// <summary>The last message of the user that is more than a tool's result: what follows is the tool loop under way.</summary>
    private static int LastQuestion(IReadOnlyList<ChatMessage> messages)
    {
        int at = messages.Count - 1;
        while (at >= 0 && !(messages[at].Role == ChatRole.User && messages[at].Parts.Any(part => part is not ToolResultPart))) at--;
        return at;
    }
}
