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
            case TextDelta e: At(e.Choice).AddText(e.Text); break;
            case ReasoningDelta e: At(e.Choice).AddReasoning(e); break;
            case RefusalDelta e: At(e.Choice).AddRefusal(e.Text); break;
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
        private readonly List<Part> parts = [];
        private readonly Dictionary<int, Part> calls = [];

        public List<TokenLogprob>? Logprobs { get; set; }
        public List<string> Findings { get; } = [];
        public FinishReason Reason { get; set; } = FinishReason.Unknown;
        public string? StopSequence { get; set; }

        public void AddText(string text)
        {
            if (text.Length > 0) OpenPart(PartKind.Text).Text.Append(text);
        }

        public void AddRefusal(string text) => OpenPart(PartKind.Refusal).Text.Append(text);

        public void AddReasoning(ReasoningDelta delta)
        {
            var part = delta.Redacted is null ? Continued(delta) : null;
            part ??= NewPart(PartKind.Reasoning);
            part.Text.Append(delta.Text);
            part.Seal = (delta.Signature ?? part.Seal.Signature, delta.Redacted ?? part.Seal.Redacted, delta.Maker ?? part.Seal.Maker);
        }

        public void AddToolCall(ToolCallDelta delta)
        {
            if (!calls.TryGetValue(delta.Index, out var call)) calls[delta.Index] = call = NewPart(PartKind.ToolCall);
            call.Text.Append(delta.Arguments);
            call.Call = (delta.Id ?? call.Call.Id, delta.Name ?? call.Call.Name);
        }

        public ChatChoice Build(int index) => new()
        {
            Index = index,
            Parts = [.. parts.Select(part => part.Build())],
            Logprobs = Logprobs,
            ParserFindings = Findings,
            FinishReason = Reason,
            StopSequence = StopSequence,
        };

        private Part OpenPart(PartKind kind) => parts is [.., var last] && last.Kind == kind ? last : NewPart(kind);

        private Part NewPart(PartKind kind)
        {
            parts.Add(new Part(kind));
            return parts[^1];
        }

        /// <summary>The thought that a piece goes on with: the last one until it is sealed. A seal by itself may come after text.</summary>
        private Part? Continued(ReasoningDelta delta)
        {
            var last = parts.FindLast(part => part.Kind == PartKind.Reasoning);
            bool isOpen = last is { Seal: (null, null, _) } && (last == parts[^1] || delta.Text.Length == 0);
            return isOpen ? last : null;
        }
    }

    private enum PartKind { Text, Reasoning, Refusal, ToolCall }

    private sealed class Part(PartKind kind)
    {
        public PartKind Kind { get; } = kind;
        public StringBuilder Text { get; } = new();
        public (string? Signature, string? Redacted, string? Maker) Seal { get; set; }
        public (string Id, string Name) Call { get; set; } = ("", "");

        public ContentPart Build() => Kind switch
        {
            PartKind.Reasoning => new ReasoningPart(Text.ToString(), Seal.Signature, Seal.Redacted, Seal.Maker),
            PartKind.Refusal => new RefusalPart(Text.ToString()),
            PartKind.ToolCall => new ToolCallPart(new ToolCall(Call.Id, Call.Name, Text.ToString())),
            _ => new TextPart(Text.ToString()),
        };
    }
}
