using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Puts the seals of an earlier answer's thoughts back onto the parts that bore them.</summary>
internal static class GeminiSeals
{
    // What Google's documentation gives for calls that were not made by the model asked, which it would refuse without a seal.
    private const string Missing = "skip_thought_signature_validator";

    /// <summary>The seal of each part of a message, or <c>null</c>. A seal belongs to the next tool call, as it came just before it; without one, to the last text.</summary>
    /// <param name="message">The message.</param>
    /// <param name="model">The model asked.</param>
    /// <param name="warnings">Takes what is left out or made up.</param>
    public static string?[] Of(ChatMessage message, string model, ICollection<string> warnings)
    {
        var seals = new string?[message.Parts.Count];
        if (message.Role != ChatRole.Assistant) return seals;
        string? waiting = null;
        for (int i = 0; i < seals.Length; i++)
        {
            if (message.Parts[i] is ReasoningPart thought) waiting = Seal(thought, warnings) ?? waiting;
            if (message.Parts[i] is ToolCallPart) (seals[i], waiting) = (waiting, null);
        }

        int text = seals.Length - 1;
        while (text >= 0 && message.Parts[text] is not TextPart) text--;
        if (waiting is not null && text >= 0) seals[text] = waiting;
        AddMissing(message.Parts, seals, model, warnings);
        return seals;
    }

    private static string? Seal(ReasoningPart thought, ICollection<string> warnings)
    {
        string? seal = thought.Maker == Makers.Google ? thought.Signature : null;
        if (seal is null && (thought.Text.Length > 0 || thought.Signature is not null || thought.Redacted is not null))
            warnings.Once("messages: reasoning of earlier answers goes back to Gemini only under its own seal; left out.");
        return seal;
    }

    /// <summary>From version 3 on the models refuse an answer's first call without a seal; another model's calls have none, and many clients lose it.</summary>
    private static void AddMissing(IReadOnlyList<ContentPart> parts, string?[] seals, string model, ICollection<string> warnings)
    {
        int first = parts.TakeWhile(part => part is not ToolCallPart).Count();
        if (first == parts.Count || seals[first] is not null || !DemandsSeals(model)) return;
        seals[first] = Missing;
        warnings.Once("messages: a tool call came back without its thoughts' seal; Gemini's API was told so, and goes on without those thoughts.");
    }

    private static bool DemandsSeals(string model)
    {
        const string Family = "gemini-";
        int at = model.IndexOf(Family, StringComparison.OrdinalIgnoreCase) is >= 0 and var start ? start + Family.Length : -1;
        return at > 0 && at < model.Length && model[at] is >= '3' and <= '9';
    }
}
