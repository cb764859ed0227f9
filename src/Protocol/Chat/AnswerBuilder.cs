using System.Text;

namespace Countersign.Protocol.Chat;

/// <summary>Puts a whole answer together from its events.</summary>
public sealed class AnswerBuilder
{
    private readonly SortedDictionary<int, Choice> choices = [];
    private string? id, model;
    private Usage? usage;

    /// <summary>Takes the next event. <see cref="WireFrames"/> and <see cref="AttemptFailed"/> add nothing.</summary>
    public void Add(ChatEvent chatEvent)
    {
        switch (chatEvent)
        {
            case AnswerStarted e: (id, model) = (e.Id ?? id, e.Model ?? model); break;
            case TextDelta e: At(e.Choice).Text.Append(e.Text); break;
            case ReasoningDelta e: At(e.Choice).AddReasoning(e); break;
            case RefusalDelta e: (At(e.Choice).Refusal ??= new StringBuilder()).Append(e.Text); break;
            case ToolCallDelta e: At(e.Choice).AddToolCall(e); break;
            case LogprobsDelta e: (At(e.Choice).Logprobs ??= []).AddRange(e.Tokens); break;
            case ParserFinding e: At(e.Choice).Findings.Add(e.Message); break;
            case ChoiceFinished e: (At(e.Choice).Reason, At(e.Choice).StopSequence) = (e.Reason, e.StopSequence); break;
            case UsageReported e: usage = e.Usage; break;
        }
    }

    /// <summary>The answer as far as it has come.</summary>
    public ChatAnswer Build() => new()
    {
        Id = id,
        Model = model,
        Usage = usage,
        Choices = [.. choices.Select(pair => pair.Value.Build(pair.Key))],
    };

    private Choice At(int index)
    {
        if (!choices.TryGetValue(index, out var choice)) choices[index] = choice = new Choice();
        return choice;
    }

    private sealed class Choice
    {
        private readonly List<(StringBuilder Text, string? Signature, string? Redacted, string? Maker)> reasoning = [];
        private readonly SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)> calls = [];

        public StringBuilder Text { get; } = new();
        public StringBuilder? Refusal { get; set; }
        public List<TokenLogprob>? Logprobs { get; set; }
        public List<string> Findings { get; } = [];
        public FinishReason Reason { get; set; } = FinishReason.Unknown;
        public string? StopSequence { get; set; }

        public void AddReasoning(ReasoningDelta delta)
        {
            bool continues = reasoning.Count > 0 && reasoning[^1].Signature is null && reasoning[^1].Redacted is null && delta.Redacted is null;
            if (!continues) reasoning.Add((new StringBuilder(), null, null, null));
            var last = reasoning[^1];
            last.Text.Append(delta.Text);
            reasoning[^1] = (last.Text, delta.Signature ?? last.Signature, delta.Redacted ?? last.Redacted, delta.Maker ?? last.Maker);
        }

        public void AddToolCall(ToolCallDelta delta)
        {
            if (!calls.TryGetValue(delta.Index, out var call)) call = ("", "", new StringBuilder());
            call.Arguments.Append(delta.Arguments);
            calls[delta.Index] = (delta.Id ?? call.Id, delta.Name ?? call.Name, call.Arguments);
        }

        public ChatChoice Build(int index) => new()
        {
            Index = index,
            Text = Text.ToString(),
            Reasoning = [.. reasoning.Select(part => new ReasoningPart(part.Text.ToString(), part.Signature, part.Redacted, part.Maker))],
            Refusal = Refusal?.ToString(),
            ToolCalls = [.. calls.Values.Select(call => new ToolCall(call.Id, call.Name, call.Arguments.ToString()))],
            Logprobs = Logprobs,
            ParserFindings = Findings,
            FinishReason = Reason,
            StopSequence = StopSequence,
        };
    }
}
