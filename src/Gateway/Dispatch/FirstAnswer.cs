using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Dispatch;

/// <summary>What the first deployment that answers says, or why none does. No iterator, as its steps are the call's: one more would wait for every chunk of a stream. To be enumerated once, and cancelled as it was asked.</summary>
/// <param name="ask">Asks the deployments.</param>
internal sealed class FirstAnswer(Func<ValueTask<StartedCall>> ask) : IAsyncEnumerable<ChatEvent>, IAsyncEnumerator<ChatEvent>
{
    private UpstreamCall? call;
    private AttemptFailed? failed;

    public ChatEvent Current => failed ?? call!.Current;

    public IAsyncEnumerator<ChatEvent> GetAsyncEnumerator(CancellationToken cancellationToken) => this;

    public ValueTask<bool> MoveNextAsync() => call?.MoveNextAsync() ?? (failed is null ? AskAsync() : new(false));

    public ValueTask DisposeAsync() => call?.DisposeAsync() ?? default;

    private async ValueTask<bool> AskAsync()
    {
        (call, var problem) = await ask();
        if (call is not null) return await call.MoveNextAsync();
        failed = new AttemptFailed(problem!);
        return true;
    }
}

/// <summary>A call whose first event is there, or why there is none.</summary>
internal readonly record struct StartedCall(UpstreamCall? Call, Problem? Problem);
