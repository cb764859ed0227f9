using System.Runtime.CompilerServices;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.ChatClients;

/// <summary>Makes attempts by <see cref="Microsoft.Extensions.AI.IChatClient"/>s: a cascade without the gateway. A client that fails before its first update is followed by the next target. Thread-safe.</summary>
/// <param name="deployments">The clients, by the names that routes use.</param>
/// <param name="time">The clock.</param>
public sealed class ChatClientAttempter(IReadOnlyDictionary<string, ChatClientDeployment> deployments, TimeProvider time) : IAttempter
{
    /// <inheritdoc/>
    public Price? PriceOf(string deployment) => deployments.GetValueOrDefault(deployment)?.Price;

    /// <inheritdoc/>
    public int MaxOutputTokensOf(string deployment) => deployments.GetValueOrDefault(deployment)?.MaxOutputTokens ?? 0;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatEvent> AttemptAsync(AttemptRequest attempt, RequestTrace trace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(trace);
        Problem? problem = null;
        int before = trace.AttemptCount;
        foreach (string target in attempt.Targets)
        {
            if (!deployments.TryGetValue(target, out var deployment))
            {
                problem ??= new Problem(ProblemKind.NotFound, $"No deployment is called `{target}`.", "model", "model_not_found");
                continue;
            }

            if (trace.AttemptCount - before >= attempt.MaxCalls) break;
            await using var call = new ChatClientCall(target, deployment, attempt, trace, time);
            bool flows = false;
            while (await call.MoveNextAsync(cancellationToken))
            {
                flows = true;
                yield return call.Current;
            }

            problem = call.Problem;
            if (flows || problem is null) break;
        }

        if (problem is not null) yield return new AttemptFailed(problem);
    }
}
