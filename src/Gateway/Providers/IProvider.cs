using Countersign.Cascade.Attempts;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers.Engine;
using Countersign.Gateway.Providers.Http;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Completions;
using Countersign.Protocol.Wire.Embeddings;

namespace Countersign.Gateway.Providers;

/// <summary>Calls models: over HTTP, or in process. Thread-safe; one serves all deployments of its <see cref="ProviderOptions"/>.</summary>
internal interface IProvider
{
    /// <summary>Calls one deployment once: no retry, no fallback. Yields as <see cref="IAttempter.AttemptAsync"/> promises, but for a failure, which is thrown.
    /// Giving up the enumeration ends the call at once.</summary>
    IAsyncEnumerable<ChatEvent> CallAsync(ProviderCall call, CallTimer timer);

    /// <summary>The problem that an exception of a call means, or <c>null</c> where it is a fault of ours, or the caller's cancellation.</summary>
    Problem? Explain(Exception exception, CallTimer timer);
}

/// <summary>What one call needs.</summary>
/// <param name="Deployment">Who is asked.</param>
/// <param name="Trace">Takes warnings about what could not be carried.</param>
internal abstract record ProviderCall(Deployment Deployment, RequestTrace Trace)
{
    /// <summary>What the caller wrote as <c>model</c>; <c>null</c> where it does not matter.</summary>
    public virtual string? AskedModel => null;

    /// <summary>Whether its answer comes bit by bit.</summary>
    public virtual bool IsStream => false;

    /// <summary>Why it is asked.</summary>
    public abstract AttemptPurpose Purpose { get; }

    /// <summary>The stage's index in the route.</summary>
    public abstract int Stage { get; }
}

/// <summary>A call for an answer.</summary>
internal sealed record ChatCall(Deployment Deployment, AttemptRequest Attempt, RequestTrace Trace) : ProviderCall(Deployment, Trace)
{
    /// <summary>What the model is told of thinking; <c>null</c> where nothing is asked.</summary>
    public AppliedThinking? Thinking { get; init; }

    /// <summary>The beta features of Anthropic's API that the caller asks for.</summary>
    public string? Betas => Attempt.PassThrough is { } wire ? wire.Betas : Attempt.Request.Betas;

    public override string AskedModel => Attempt.PassThrough?.Model ?? Attempt.Request.Model;

    public override bool IsStream => Attempt.PassThrough?.Stream ?? Attempt.Request.Stream;

    public override AttemptPurpose Purpose => Attempt.Purpose;

    public override int Stage => Attempt.Stage;
}

/// <summary>A call for the number of input tokens that a request would have. Its answer is one <see cref="WireFrames"/>: the whole body in Anthropic's form.</summary>
internal sealed record TokenCountCall(Deployment Deployment, WireRequest Request, RequestTrace Trace) : ProviderCall(Deployment, Trace)
{
    public override string AskedModel => Request.Model;

    public override AttemptPurpose Purpose => AttemptPurpose.Plain;

    public override int Stage => 0;
}

/// <summary>A call for embeddings. Its answer is one <see cref="WireFrames"/>: the whole body in OpenAI's form.</summary>
internal sealed record EmbeddingCall(Deployment Deployment, EmbeddingRequest Request, RequestTrace Trace) : ProviderCall(Deployment, Trace)
{
    public override string AskedModel => Request.Model;

    public override AttemptPurpose Purpose => AttemptPurpose.Plain;

    public override int Stage => 0;
}

/// <summary>A call to go on with texts. Its answer comes as <see cref="WireFrames"/>: in OpenAI's form, streamed or whole as asked.</summary>
internal sealed record CompletionCall(Deployment Deployment, CompletionRequest Request, AnswerStamp Stamp, RequestTrace Trace) : ProviderCall(Deployment, Trace)
{
    public override string AskedModel => Request.Settings.Model;

    public override bool IsStream => Request.Settings.Stream;

    public override AttemptPurpose Purpose => AttemptPurpose.Plain;

    public override int Stage => 0;
}

/// <summary>What an answer that is made here bears.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Started">When it began.</param>
internal sealed record AnswerStamp(string Id, DateTimeOffset Started);

/// <summary>A question to a model in this process that generates nothing, such as for the tokens of a text. Its answer is one <see cref="WireFrames"/>.</summary>
internal sealed record InspectionCall(Deployment Deployment, Func<LoadedModel, Deployment, byte[]> Question, RequestTrace Trace) : ProviderCall(Deployment, Trace)
{
    public override AttemptPurpose Purpose => AttemptPurpose.Plain;

    public override int Stage => 0;
}
