using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators;

/// <summary>Judges what a draft says while it streams, each place by a watch of its own.</summary>
/// <param name="newWatch">Makes one.</param>
/// <param name="everywhere">Whether reasoning, refusals and the arguments of calls are watched too, not only texts.</param>
internal sealed class TextPrefixJudge(Func<ITextWatch> newWatch, bool everywhere = false) : IPrefixJudge
{
    private readonly Dictionary<SaidPlace, ITextWatch> watches = [];

    public Finding? See(ChatEvent chatEvent)
    {
        if (Said.By(chatEvent) is not var (place, text) || (!everywhere && place.Kind is not SaidKind.Text)) return null;
        if (!watches.TryGetValue(place, out var watch)) watches[place] = watch = newWatch();
        return watch.See(text) is { } finding ? finding with { Where = finding.Where ?? place.Words } : null;
    }
}

/// <summary>Watches one text as it grows.</summary>
internal interface ITextWatch
{
    /// <summary>Sees what comes next. A finding means that no continuation can pass.</summary>
    Finding? See(string text);
}
