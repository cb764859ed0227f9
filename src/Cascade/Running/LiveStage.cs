using System.Runtime.CompilerServices;
using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Running;

/// <summary>A stage that nothing judges: its events go out as they come. Only its head is kept until something follows, so that a failure can still be another stage's turn.</summary>
internal sealed class LiveStage(IAttempter attempter, RequestTrace trace)
{
    /// <summary>Why nothing went out; <c>null</c> where something did.</summary>
    public Problem? Failure { get; private set; }

    public async IAsyncEnumerable<ChatEvent> RunAsync(AttemptRequest attempt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AnswerStarted? head = null;
        bool flows = false;
        await foreach (var chatEvent in attempter.AttemptAsync(attempt, trace, cancellationToken))
        {
            if (!flows)
            {
                if (chatEvent is AnswerStarted started)
                {
                    head = started;
                    continue;
                }

                if (chatEvent is AttemptFailed failed)
                {
                    Failure = failed.Problem;
                    yield break;
                }

                flows = true;
                trace.Winner = trace.LastAttempt;
                if (head is not null) yield return head;
            }

            NoteEnd(chatEvent);
            yield return chatEvent;
        }

        if (trace.End is not CascadeEnd.Running) yield break;
        trace.Winner = trace.LastAttempt;
        trace.End = CascadeEnd.Answered;
        if (!flows && head is not null) yield return head;
    }

    private void NoteEnd(ChatEvent chatEvent)
    {
        if (chatEvent is WireFrames { IsLast: true }) trace.End = CascadeEnd.Answered;
        if (chatEvent is not AttemptFailed) return;
        trace.Winner = null;
        trace.End = CascadeEnd.Failed;
    }
}
