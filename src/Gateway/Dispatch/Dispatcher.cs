using System.Collections.Frozen;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Providers.Engine;
using Countersign.Gateway.Shaping;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Completions;
using Countersign.Protocol.Wire.Embeddings;

namespace Countersign.Gateway.Dispatch;

/// <summary>Asks deployments: in order, with retries, bounded concurrency and a breaker each. One per configuration snapshot;
/// what is known of the deployments' health lives on in <see cref="DeploymentLanes"/>. Thread-safe.</summary>
/// <param name="configuration">The snapshot.</param>
/// <param name="providers">Who makes the calls, by the provider's name.</param>
/// <param name="lanes">The server's lanes.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Draws pool members and jitter.</param>
internal sealed class Dispatcher(
    GatewayConfiguration configuration, IReadOnlyDictionary<string, IProvider> providers, DeploymentLanes lanes, TimeProvider time, Random random) : IAttempter
{
    private readonly ThinkingKnob thinking = new(configuration);
    private readonly TargetOrder order = new(configuration, random);
    private readonly FrozenDictionary<string, DeploymentLane> lanes = lanes.For(configuration);

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatEvent> AttemptAsync(AttemptRequest attempt, RequestTrace trace, CancellationToken cancellationToken) =>
        Ask(attempt.Targets, deployment => CallOf(deployment, attempt, trace), new Allowance(trace, trace.AttemptCount, attempt.MaxCalls), cancellationToken);

    /// <summary>Asks for embeddings, as <see cref="AttemptAsync"/> asks for an answer: the events are one <see cref="WireFrames"/>, the whole body in OpenAI's form, or an <see cref="AttemptFailed"/>.</summary>
    public IAsyncEnumerable<ChatEvent> EmbedAsync(EmbeddingRequest request, RequestTrace trace, CancellationToken cancellationToken) =>
        Ask([request.Model], deployment => new EmbeddingCall(deployment, request, trace), Allowance.Any, cancellationToken);

    /// <summary>Asks to go on with texts, as <see cref="AttemptAsync"/> asks for an answer: the events are <see cref="WireFrames"/> in OpenAI's form, or an <see cref="AttemptFailed"/>.</summary>
    public IAsyncEnumerable<ChatEvent> CompleteAsync(CompletionRequest request, AnswerStamp stamp, RequestTrace trace, CancellationToken cancellationToken) =>
        Ask([request.Settings.Model], deployment => new CompletionCall(deployment, request, stamp, trace), Allowance.Any, cancellationToken);

    /// <summary>Asks something of a model in this process that generates nothing: the events are one <see cref="WireFrames"/>, or an <see cref="AttemptFailed"/>. It costs nothing and leaves no trace in the ledger.</summary>
    public IAsyncEnumerable<ChatEvent> InspectAsync(string target, Func<LoadedModel, Deployment, byte[]> question, CancellationToken cancellationToken) =>
        Ask([target], deployment => new InspectionCall(deployment, question, new RequestTrace()), Allowance.Any, cancellationToken);

    /// <summary>Asks how many input tokens a request would have for <paramref name="target"/>: the events are one <see cref="WireFrames"/>, the whole body in Anthropic's form, or an <see cref="AttemptFailed"/>.
    /// Upstreams charge nothing for it, so it leaves no trace in the ledger.</summary>
    public IAsyncEnumerable<ChatEvent> CountTokensAsync(WireRequest request, string target, CancellationToken cancellationToken) =>
        Ask([target], deployment => new TokenCountCall(deployment, request, new RequestTrace()), Allowance.Any, cancellationToken);

    /// <inheritdoc/>
    public Price? PriceOf(string deployment)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return configuration.Pools.TryGetValue(deployment, out var pool)
            ? PoolPrice.Dearest(pool.Members.Select(member => configuration.FindDeployment(member.Deployment)?.PriceOn(today)))
            : configuration.FindDeployment(deployment)?.PriceOn(today);
    }

    /// <inheritdoc/>
    public int MaxOutputTokensOf(string deployment) => configuration.Pools.TryGetValue(deployment, out var pool)
        ? pool.Members.Max(member => LimitOf(member.Deployment))
        : LimitOf(deployment);

    private ChatCall CallOf(Deployment deployment, AttemptRequest attempt, RequestTrace trace)
    {
        var call = thinking.CallOf(deployment, attempt, trace);
        if (call.Betas is { } betas && configuration.Providers[call.Deployment.Provider].Api != ProviderApi.Anthropic)
            trace.Warn($"The header `anthropic-beta: {betas}` was not carried to deployment `{call.Deployment.Name}`, which speaks another API.");
        PromptMarks.WarnOfForeign(call, configuration.Providers[call.Deployment.Provider]);
        return call;
    }

    private FirstAnswer Ask(IReadOnlyList<string> targets, Func<Deployment, ProviderCall> callOf, Allowance calls, CancellationToken cancellationToken) =>
        new(() => FirstToAnswerAsync(targets, callOf, calls, cancellationToken));

    private async ValueTask<StartedCall> FirstToAnswerAsync(IReadOnlyList<string> targets, Func<Deployment, ProviderCall> callOf, Allowance calls, CancellationToken cancellationToken)
    {
        Problem? problem = null;
        foreach (var deployment in order.Resolve(targets))
        {
            var started = await TryAsync(deployment, callOf, calls, cancellationToken);
            if (started.Call is not null) return started;
            problem = started.Problem!;
            if (calls.AreUsedUp || !FailureRules.MayFallBack(problem)) break;
        }

        return new StartedCall(null, problem ?? Unknown(targets));
    }

    private async ValueTask<StartedCall> TryAsync(Deployment deployment, Func<Deployment, ProviderCall> callOf, Allowance calls, CancellationToken cancellationToken)
    {
        ProviderCall call;
        try
        {
            call = callOf(deployment);
        }
        catch (ProblemException refused)
        {
            return new StartedCall(null, refused.Problem); // It cannot do what is asked; another may.
        }

        for (int tried = 0; ; tried++)
        {
            var started = await TryOnceAsync(call, cancellationToken);
            if (started.Call is not null || calls.AreUsedUp || Backoff.Next(call.Deployment.Retry, tried, started.Problem!, Jitter()) is not { } wait) return started;
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async ValueTask<StartedCall> TryOnceAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        var lane = lanes.GetValueOrDefault(call.Deployment.Name) ?? lanes[DeploymentLanes.NameOfUndeclared(call.Deployment.Provider)];
        var place = await lane.EnterAsync(cancellationToken);
        if (!place.IsAcquired) return new StartedCall(null, lane.Full());
        var breaker = lane.BreakerOf(call.Deployment.Name);
        var upstream = new UpstreamCall(providers[call.Deployment.Provider], call, breaker, place, time, cancellationToken);
        bool answers = false;
        try
        {
            var problem = await breaker.StartAsync(upstream, cancellationToken);
            answers = problem is null;
            return new StartedCall(answers ? upstream : null, problem);
        }
        finally
        {
            if (!answers) await upstream.DisposeAsync();
        }
    }

    // A name that is no deployment is never asked.
    private int LimitOf(string deployment) => configuration.FindDeployment(deployment)?.MaxOutputTokens ?? 0;

    private double Jitter()
    {
        lock (random) return random.NextDouble();
    }

    private static Problem Unknown(IReadOnlyList<string> targets) =>
        new(ProblemKind.NotFound, $"No deployment or pool is called `{string.Join("` or `", targets)}`.", "model", "model_not_found");

    /// <summary>How many calls an attempt may make: <paramref name="Most"/> beside the first <paramref name="Before"/> of its trace. Without a trace: any number.</summary>
    private readonly record struct Allowance(RequestTrace? Trace, int Before, int Most)
    {
        public static Allowance Any => default;

        public bool AreUsedUp => Trace is not null && Trace.AttemptCount - Before >= Most;
    }
}
