using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>Shows a draft on its way to those who can condemn a prefix.</summary>
internal sealed class PrefixWatch((string Name, IPrefixJudge Judge)[] judges)
{
    /// <summary>Whether anybody watches.</summary>
    public bool IsWatched => judges.Length > 0;

    /// <summary>Shows the next event; the first finding condemns.</summary>
    public (string Validator, Finding Finding)? See(ChatEvent chatEvent)
    {
        foreach (var (name, judge) in judges)
        {
            if (judge.See(chatEvent) is { } finding) return (name, finding);
        }

        return null;
    }
}
