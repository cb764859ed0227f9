using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.ChatClients;

/// <summary>One call of a chat client with its record, open until the call ends, fails or is left.</summary>
internal sealed class ChatClientCall : IAsyncDisposable
{
    private readonly AttemptRecord record;
    private readonly ChatClientDeployment deployment;
    private readonly AttemptRequest attempt;
    private readonly RequestTrace trace;
    private readonly TimeProvider time;
    private readonly long began;
    private readonly Queue<ChatEvent> ready = [];
    private readonly UpdateReader reader = new();
    private IAsyncEnumerator<Microsoft.Extensions.AI.ChatResponseUpdate>? updates;

    public ChatClientCall(string name, ChatClientDeployment deployment, AttemptRequest attempt, RequestTrace trace, TimeProvider time)
    {
        (this.deployment, this.attempt, this.trace, this.time, began) = (deployment, attempt, trace, time, time.GetTimestamp());
        record = trace.Open(new AttemptRecord { Deployment = name, RequestModel = deployment.Model, Purpose = attempt.Purpose, Stage = attempt.Stage, Started = time.GetUtcNow() });
    }

    public ChatEvent Current { get; private set; } = null!;

    /// <summary>Why the call failed; <c>null</c> while it has not.</summary>
    public Problem? Problem => record.Problem;

    /// <summary>Goes to the next event; <c>false</c> where the call is over, complete or failed.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (ready.Count == 0)
        {
            if (record.Status is not AttemptStatus.Running) return false;
            await ReadAsync(cancellationToken);
        }

        Current = ready.Dequeue();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        Close(AttemptStatus.Cancelled);
        if (updates is not null) await updates.DisposeAsync();
    }

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            updates ??= Start(cancellationToken);
            bool isMore = await updates.MoveNextAsync();
            if (isMore) reader.Read(updates.Current, ready);
            else reader.End(ready);
            See();
            if (!isMore) Close(AttemptStatus.Completed);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever a client throws, the attempt has failed; its message is for whoever runs the cascade.
            record.Problem = (exception as ProblemException)?.Problem ?? new Problem(ProblemKind.UpstreamFailed, $"`{record.Deployment}` failed: {exception.Message}", Source: record.Deployment);
            Close(AttemptStatus.Failed);
        }
    }

    private IAsyncEnumerator<Microsoft.Extensions.AI.ChatResponseUpdate> Start(CancellationToken cancellationToken)
    {
        var messages = ClientMessages.Of(attempt.Request.Messages);
        var options = ClientOptions.Of(attempt.Request, deployment.Model, trace);
        return deployment.Client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    private void See()
    {
        foreach (var chatEvent in ready)
        {
            if (chatEvent is AnswerStarted started) record.ResponseModel = started.Model;
            else if (chatEvent is UsageReported reported) record.Usage = reported.Usage;
            else if (chatEvent is ChoiceFinished finished) record.FinishReason = finished.Reason;
            else record.TimeToFirstToken ??= time.GetElapsedTime(began);
        }
    }

    private void Close(AttemptStatus status)
    {
        if (record.Status is not AttemptStatus.Running) return;
        record.Status = status;
        record.Duration = time.GetElapsedTime(began);
        record.Cost = deployment.Price?.CostOf(record.Usage) ?? Cost.Unknown;
    }
}
