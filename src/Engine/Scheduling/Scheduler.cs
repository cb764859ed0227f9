using Countersign.Engine.Cache;
using Countersign.Engine.Models;

namespace Countersign.Engine.Scheduling;

/// <summary>Serves all requests of one model on a thread of its own, step by step: take in, plan, compute, hand out (continuous batching).
/// What a sequence gets never depends on what else is in its steps.</summary>
internal sealed class Scheduler : IDisposable
{
    private readonly Transformer model;
    private readonly KvCache cache;
    private readonly PrefixCache? prefixes;
    private readonly StepBatch batch;
    private readonly StepPlanner planner;
    private readonly EngineModelOptions options;
    private readonly Thread thread;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly Queue<Submission> incoming = new();
    private readonly WaitingLine waiting = new();
    private readonly List<Sequence> active = [];
    private readonly Action<Sequence> suspend;
    private int queued;
    private bool stopping;

    /// <param name="model">Computes; used by this thread alone from now on.</param>
    /// <param name="cache">The model's.</param>
    /// <param name="options">Checked already.</param>
    /// <param name="promptRows">Rows of a step while prompts are computed.</param>
    /// <param name="drafter">Guesses; used by this thread alone, too.</param>
    public Scheduler(Transformer model, KvCache cache, EngineModelOptions options, int promptRows, Drafter? drafter)
    {
        (this.model, this.cache, this.options) = (model, cache, options);
        prefixes = model.Shape.IsRecurrent || !model.Shape.Causal ? null : new PrefixCache(cache);
        batch = new StepBatch(model.MaxRows);
        planner = new StepPlanner(batch, prefixes, promptRows, guesses: !model.Shape.IsRecurrent, drafter);
        suspend = Suspend;
        thread = new Thread(Run) { IsBackground = true, Name = "engine-scheduler" };
        thread.Start();
    }

    /// <summary>Steps computed so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Tokens guessed so far.</summary>
    public long Guessed { get; private set; }

    /// <summary>Guessed tokens that held.</summary>
    public long Held { get; private set; }

    /// <summary>Takes a request in.</summary>
    /// <exception cref="EngineException">As many as may wait are waiting, or the model is being unloaded.</exception>
    public void Submit(Submission submission)
    {
        lock (gate)
        {
            if (stopping) throw Unloaded();
            if (queued >= options.QueueLength) throw new EngineException(EngineErrorKind.QueueFull, $"{queued} requests are waiting already; try again later.");
            queued++;
            incoming.Enqueue(submission);
        }

        arrived.Release();
    }

    /// <summary>Ends every request and the thread.</summary>
    public void Dispose()
    {
        lock (gate) stopping = true;
        arrived.Release();
        thread.Join();
        arrived.Dispose();
    }

    private static EngineException Unloaded() => new(EngineErrorKind.Unloaded, "The model is being unloaded.");

    private void Run()
    {
        while (TakeIn())
        {
            DropAbandoned();
            Admit();
            if (active.Count > 0) Step();
        }

        foreach (Sequence sequence in active) End(sequence, Unloaded());
        waiting.RemoveAll(static _ => true, static sequence => sequence.Submission.Fail(Unloaded()));
    }

    /// <summary>Sleeps where there is nothing to do; false when it is time to stop.</summary>
    private bool TakeIn()
    {
        if (active.Count == 0 && waiting.Count == 0) arrived.Wait();
        while (arrived.Wait(0))
        {
        }

        lock (gate)
        {
            while (incoming.TryDequeue(out Submission? submission))
            {
                foreach (Sequence sequence in submission.Sequences) waiting.Add(sequence);
            }

            return !stopping;
        }
    }

    private void DropAbandoned()
    {
        waiting.RemoveAll(static sequence => sequence.Submission.IsAbandoned, Drop);
        for (int i = active.Count - 1; i >= 0; i--)
        {
            if (!active[i].Submission.IsAbandoned) continue;
            Drop(active[i]);
            active.RemoveAt(i);
        }
    }

    private void Drop(Sequence sequence)
    {
        Started(sequence.Submission);
        End(sequence, new OperationCanceledException(sequence.Submission.Cancellation));
    }

    private void Admit()
    {
        while (active.Count < options.MaxSequences && waiting.Take() is { } sequence)
        {
            Started(sequence.Submission);
            sequence.Submission.Active++;
            sequence.Begin(new SequenceState(cache, model.Shape.Layers.Length));
            if (prefixes is not null && sequence.MayReuse)
            {
                prefixes.Adopt(sequence.State!, sequence.Tokens);
                sequence.Reused(sequence.State!.Length);
            }

            active.Add(sequence);
        }
    }

    private void Step()
    {
        try
        {
            planner.Plan(active, suspend);
            if (batch.Count == 0) return;
            model.Forward(batch);
            Steps++;
        }
        catch (Exception exception)
        {
            // What the step left half done is not to be trusted: its sequences end, the others go on.
            foreach (var (sequence, _) in planner.Planned) Remove(sequence, Failure(exception));
            if (planner.Planned.Count == 0) while (active.Count > 0) Remove(active[^1], Failure(exception));
            return;
        }

        for (int i = 0; i < planner.Planned.Count; i++) HandOut(planner.Planned[i].Sequence, batch.Runs[i], planner.Planned[i].FirstOutput);
    }

    private void HandOut(Sequence sequence, BatchRun run, int firstOutput)
    {
        try
        {
            sequence.Receive(model, run, firstOutput);
            Guessed += sequence.LastGuess.Guessed;
            Held += sequence.LastGuess.Held;
            prefixes?.Share(sequence.State!, sequence.Tokens);
            if (sequence.IsFinished) Remove(sequence, null);
        }
        catch (Exception exception)
        {
            Remove(sequence, Failure(exception));
        }
    }

    private void Suspend(Sequence sequence)
    {
        active.Remove(sequence);
        sequence.Submission.Active--;
        sequence.Suspend();
        waiting.Return(sequence);
    }

    private void Remove(Sequence sequence, Exception? failure)
    {
        active.Remove(sequence);
        End(sequence, failure);
    }

    private static void End(Sequence sequence, Exception? failure)
    {
        if (sequence.State is not null) sequence.Submission.Active--;
        sequence.Dispose();
        sequence.Submission.PromptReady = true;
        if (failure is null) return;
        sequence.Submission.Fail(failure);
        sequence.Submission.Abandon();
    }

    /// <summary>A request stops counting as waiting when the first of its sequences is taken up or dropped.</summary>
    private void Started(Submission submission)
    {
        if (submission.HasStarted) return;
        submission.HasStarted = true;
        lock (gate) queued--;
    }

    private static EngineException Failure(Exception exception) => exception switch
    {
        EngineException known => known,
        InvalidDataException damaged => new EngineException(EngineErrorKind.CorruptFile, damaged.Message, damaged),
        OutOfMemoryException full => new EngineException(EngineErrorKind.OutOfMemory, "Memory ran out in the middle of a step.", full),
        _ => new EngineException(EngineErrorKind.Internal, $"The step failed: {exception.Message}", exception),
    };
}
