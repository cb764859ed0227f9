using System.Threading.Channels;

namespace Countersign.Engine.Scheduling;

/// <summary>A request on its way through the scheduler: its sequences, and where what happens to them goes.</summary>
internal abstract class Submission(CancellationToken cancellation)
{
    private volatile bool abandoned;

    public List<Sequence> Sequences { get; } = [];

    /// <summary>Sequences of this submission that are being computed.</summary>
    public int Active { get; set; }

    /// <summary>Whether one of its sequences has been taken up.</summary>
    public bool HasStarted { get; set; }

    /// <summary>Whether the prompt has been computed once, so that further sequences find it in the cache.</summary>
    public bool PromptReady { get; set; }

    /// <summary>Whether nobody waits for the results any more.</summary>
    public bool IsAbandoned => abandoned || cancellation.IsCancellationRequested;

    public CancellationToken Cancellation => cancellation;

    public void Abandon() => abandoned = true;

    /// <summary>Ends the submission; every later event is dropped.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A request for text: events go to a channel. It holds at most an event for each token that may be generated.</summary>
internal sealed class GenerationSubmission(GenerationRequest request, CancellationToken cancellation) : Submission(cancellation)
{
    private readonly Channel<GenerationEvent> events = Channel.CreateUnbounded<GenerationEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private int unfinished = request.Choices;

    public GenerationRequest Request => request;

    public ChannelReader<GenerationEvent> Events => events.Reader;

    public void Write(GenerationEvent happened)
    {
        events.Writer.TryWrite(happened);
        if (happened is ChoiceFinished && --unfinished == 0) events.Writer.TryComplete();
    }

    public override void Fail(Exception exception) => events.Writer.TryComplete(exception);
}

/// <summary>A request for vectors, complete when all of its texts are.</summary>
internal sealed class EmbeddingSubmission(int texts, CancellationToken cancellation) : Submission(cancellation)
{
    private readonly TaskCompletionSource<float[][]> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly float[][] vectors = new float[texts][];
    private int unfinished = texts;

    public Task<float[][]> Result => completion.Task;

    public void Set(int index, float[] vector)
    {
        vectors[index] = vector;
        if (--unfinished == 0) completion.TrySetResult(vectors);
    }

    public override void Fail(Exception exception)
    {
        if (exception is OperationCanceledException) completion.TrySetCanceled(Cancellation);
        else completion.TrySetException(exception);
    }
}
