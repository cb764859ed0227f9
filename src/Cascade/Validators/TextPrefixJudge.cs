using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators;

/// <summary>Judges the texts of a draft while they stream, each choice by a watch of its own.</summary>
internal sealed class TextPrefixJudge(Func<ITextWatch> newWatch) : IPrefixJudge
{
    private readonly Dictionary<int, ITextWatch> watches = [];

    public Finding? See(ChatEvent chatEvent)
    {
        if (chatEvent is not TextDelta { Text.Length: > 0 } delta) return null;
        if (!watches.TryGetValue(delta.Choice, out var watch)) watches[delta.Choice] = watch = newWatch();
        return watch.See(delta.Text);
    }
}

/// <summary>Watches one text as it grows.</summary>
internal interface ITextWatch
{
    /// <summary>Sees what comes next. A finding means that no continuation can pass.</summary>
    Finding? See(string text);
}
