using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>Shows a draft on its way to those who can condemn a prefix.</summary>
internal sealed class PrefixWatch(Watcher[] watchers)
{
    /// <summary>Whether anybody watches.</summary>
    public bool IsWatched => watchers.Length > 0;

    /// <summary>Shows the next event; the first finding condemns.</summary>
    public (string Validator, Finding Finding)? See(ChatEvent chatEvent)
    {
        foreach (var watcher in watchers)
        {
            // Of what a validator before this one may mend, a prefix says nothing.
            if (watcher.IsAfterMending && chatEvent is not ReasoningDelta) continue;
            if (watcher.Judge.See(chatEvent) is { } finding) return (watcher.Validator, finding);
        }

        return null;
    }
}

/// <summary>Who watches a draft.</summary>
/// <param name="Validator">The validator's name.</param>
/// <param name="Judge">Its judge for this draft.</param>
/// <param name="IsAfterMending">Whether a validator before it may give the draft another form.</param>
internal sealed record Watcher(string Validator, IPrefixJudge Judge, bool IsAfterMending);
