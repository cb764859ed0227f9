using System.Text;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>The turn that shows a model its rejected draft and the findings.</summary>
internal static class RepairRequest
{
    /// <summary>The most characters of findings that are shown.</summary>
    public const int MaxFindingCharacters = 4000;

    /// <summary>The request that <paramref name="rejected"/> answered, continued by the draft (of several choices, the rejected one) and what is wrong with it.</summary>
    public static ChatRequest Of(ChatRequest asked, Judged rejected, RepairPolicy policy)
    {
        var choice = rejected.Draft.Answer.Choices.FirstOrDefault(choice => choice.Index == rejected.Choice) ?? new ChatChoice { Index = rejected.Choice };
        string findings = InWords(rejected.Findings);
        return asked with
        {
            Thinking = policy.Thinking ?? Raised(asked.Thinking),
            Messages = [.. asked.Messages, .. Turn(choice, findings, rejected.IsWhole)],
        };
    }

    // A tool call must be followed by its result in every API: the findings are the result. A call that has no id, or was cut off, can have none.
    private static IEnumerable<ChatMessage> Turn(ChatChoice choice, string findings, bool isWhole)
    {
        var calls = isWhole && choice.ToolCalls.All(call => call.Id.Length > 0) ? choice.ToolCalls : [];
        var said = new List<ContentPart>();
        string text = choice.Text.Length > 0 ? choice.Text : choice.Refusal ?? "";
        if (calls.Count < choice.ToolCalls.Count) text += string.Concat(choice.ToolCalls.Select(call => $"\n{call.Name}({call.Arguments})"));
        if (text.Length > 0) said.Add(new TextPart(text));
        said.AddRange(calls.Select(call => new ToolCallPart(call)));
        if (said.Count > 0) yield return new ChatMessage { Role = ChatRole.Assistant, Parts = said };

        foreach (var call in calls)
        {
            string result = $"The call was not made. It was checked and not accepted:\n{findings}\nCall again, corrected. Do not mention this check.";
            yield return new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart(call.Id, [new TextPart(result)], IsError: true)] };
        }

        if (calls.Count == 0)
        {
            yield return ChatMessage.Of(ChatRole.User, $"Your answer was checked and not accepted:\n{findings}\nAnswer the request again, in full and corrected. Do not mention this check or the earlier answer.");
        }
    }

    private static string InWords(IReadOnlyList<Finding> findings)
    {
        var words = new StringBuilder();
        foreach (var finding in findings)
        {
            words.Append("- ").Append(finding.Message);
            if (finding.Where is { Length: > 0 } where) words.Append(" (at ").Append(where).Append(')');
            words.Append('\n');
            if (words.Length > MaxFindingCharacters) return words.ToString(0, MaxFindingCharacters) + "...\n";
        }

        return words.ToString();
    }

    private static Thinking? Raised(Thinking? thinking) => thinking?.Level switch
    {
        ThinkingLevel.Off or ThinkingLevel.Minimal => new Thinking(ThinkingLevel.Low),
        ThinkingLevel.Low => new Thinking(ThinkingLevel.Medium),
        ThinkingLevel.Medium => new Thinking(ThinkingLevel.High),
        _ => thinking,
    };
}
