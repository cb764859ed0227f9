namespace Countersign.Protocol.Dialects.PromptCaching;

/// <summary>Chooses the prefixes of a prompt that are worth keeping: those that another request may begin with. At most four, as many as upstreams take.</summary>
/// <param name="layout">The prompt.</param>
/// <param name="rule">What its upstream keeps.</param>
/// <param name="scope">Whose prompt it is.</param>
internal sealed class PromptPrefixes(PromptLayout layout, CacheRule rule, CacheScope scope)
{
    // Of Claude's and GPT's tokens an English one has about four bytes; of code and other languages, fewer.
    public const int BytesPerToken = 4;

    private readonly List<PromptMessage> messages = layout.Messages;

    /// <summary>Their ends, with a word for each.</summary>
    public IEnumerable<(PromptPlace End, string Word)> Ends()
    {
        int lead = layout.LeadingInstructions;
        var instructions = lead > 0 ? messages[lead - 1].End : layout.InstructionsEnd;
        if (rule.Marks == CacheMarks.Blocks && IsLongEnough(layout.Tools.Length) && layout.ToolsEnd is { } tools) yield return (tools, "tools");
        if (IsLongEnough(BytesUpTo(lead - 1)) && instructions is { IsText: var isText } place && !(isText && rule.Marks == CacheMarks.Breakpoints && lead == 0)) yield return (place, "system");
        if (rule.Marks == CacheMarks.Breakpoints) yield break; // The conversation's end is marked by the upstream itself.
        foreach (int at in Turns(lead))
        {
            if (IsLongEnough(BytesUpTo(at)) && messages[at].End is { } end) yield return (end, "history");
        }
    }

    /// <summary>The last messages of the request before this one, which wrote the cache that this one reads, and of this one, from which the next reads.
    /// A conversation that has no answer yet may have no next request; nothing of it is kept, unless the same is asked again at once.</summary>
    private IEnumerable<int> Turns(int lead)
    {
        int last = scope.IsRepair ? LastAnswer(messages.Count - 1) - 1 : messages.Count - 1;
        int answer = LastAnswer(last), before = answer;
        while (before >= lead && messages[before].Role == PromptRole.Answer) before--;
        if (answer < lead && !scope.IsAskedAgain) yield break;
        if (before >= lead) yield return before;
        if (last > answer && last >= lead) yield return last;
    }

    private int LastAnswer(int from) => from < 0 ? -1 : messages.FindLastIndex(from, message => message.Role == PromptRole.Answer);

    private int BytesUpTo(int message) =>
        layout.Tools.Length + layout.Instructions.Length + (message < 0 ? 0 : messages[message].Range.Start + messages[message].Range.Length - messages[0].Range.Start);

    private bool IsLongEnough(int bytes) => bytes >= BytesPerToken * rule.LeastTokens;
}
