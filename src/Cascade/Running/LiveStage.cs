using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Running;

/// <summary>A stage that nothing judges: its events go out as they come. Only its head is kept until something follows, so that a failure can still be another stage's turn.</summary>
internal sealed class LiveStage(RequestTrace trace)
{
    private AnswerStarted? head;
    private bool flows;

    /// <summary>Why nothing went out; <c>null</c> where something did.</summary>
    public Problem? Failure { get; private set; }

    /// <summary>Takes the stage's next event: whether it goes out, after the head, if that is still here.</summary>
    public bool Take(ChatEvent chatEvent)
    {
        if (!flows && chatEvent is AnswerStarted started) head = started;
        else if (!flows && chatEvent is AttemptFailed failed) Failure = failed.Problem;
        else Pass(chatEvent);
        return flows;
    }

    /// <summary>The head, once.</summary>
    public AnswerStarted? TakeHead()
    {
        var taken = head;
        head = null;
        return taken;
    }

    /// <summary>Nothing more comes. An answer may be its head alone.</summary>
    public void End()
    {
        if (trace.End is not CascadeEnd.Running) return;
        trace.Winner = trace.LastAttempt;
        trace.End = CascadeEnd.Answered;
    }

    private void Pass(ChatEvent chatEvent)
    {
        if (!flows) (flows, trace.Winner) = (true, trace.LastAttempt);
        if (chatEvent is WireFrames { IsLast: true }) trace.End = CascadeEnd.Answered;
        if (chatEvent is AttemptFailed) (trace.Winner, trace.End) = (null, CascadeEnd.Failed);
    }
}
