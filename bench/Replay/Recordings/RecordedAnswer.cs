namespace Countersign.Replay.Recordings;

/// <summary>What a model answered. Whether it was right is not here: the upstream holds these, and must not know.</summary>
/// <param name="Question">The question's id.</param>
/// <param name="Model">Who answered.</param>
/// <param name="Text">The text; empty where tools were called.</param>
/// <param name="Calls">The tool calls.</param>
/// <param name="InputTokens">Tokens of the question, as recorded.</param>
/// <param name="OutputTokens">Tokens of the answer with its reasoning, as recorded.</param>
/// <param name="Latency">How long it took; <c>null</c> where that was not recorded.</param>
internal sealed record RecordedAnswer(string Question, string Model, string Text, IReadOnlyList<RecordedCall> Calls, int InputTokens, int OutputTokens, TimeSpan? Latency)
{
    /// <summary>Whether a client that got <paramref name="text"/> and <paramref name="calls"/> got just this.</summary>
    public bool IsSaidBy(string text, IReadOnlyList<RecordedCall> calls) => text == Text && calls.SequenceEqual(Calls);
}

/// <summary>A recorded tool call.</summary>
/// <param name="Name">The tool, as the model named it.</param>
/// <param name="Arguments">The arguments as the model wrote them.</param>
internal sealed record RecordedCall(string Name, string Arguments);
