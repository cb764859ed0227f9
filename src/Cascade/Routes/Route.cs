using Countersign.Cascade.Validators;

namespace Countersign.Cascade.Routes;

/// <summary>A name that callers use as <c>model</c>, and the way its requests go. Immutable.</summary>
public sealed record Route
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>A digest of all that decides its answers; changes when the route does.</summary>
    public string Version { get; init; } = "";

    /// <summary>Who drafts.</summary>
    public required Stage Draft { get; init; }

    /// <summary>The checks, cheapest first. Empty: the first stage's answer is passed through unjudged.</summary>
    public IReadOnlyList<IValidator> Validators { get; init; } = [];

    /// <summary>How often and how dearly a rejected draft is repaired.</summary>
    public RepairPolicy Repair { get; init; } = new();

    /// <summary>The stages after the draft, up to the strongest.</summary>
    public IReadOnlyList<Stage> Escalation { get; init; } = [];

    /// <summary>What a validator's <c>unknown</c> means.</summary>
    public VerdictKind UnknownMeans { get; init; } = VerdictKind.Reject;

    /// <summary>What the client gets where no draft passed or a cap ended the cascade.</summary>
    public WhenExhausted WhenExhausted { get; init; } = WhenExhausted.Best;

    /// <summary>Whether thinking that a model cannot do as asked is refused; otherwise what was done instead is reported.</summary>
    public bool StrictThinking { get; init; }

    /// <summary>The caps of one request.</summary>
    public RouteLimits Limits { get; init; } = new();

    /// <summary>When a session goes straight to the strongest stage; <c>null</c>: never.</summary>
    public LatchPolicy? Latch { get; init; }

    /// <summary>Whether anything is judged before the client sees it.</summary>
    public bool IsGated => Validators.Count > 0 || Draft.Agreement is not null;

    /// <summary>The stages that a request may come to: where nothing is judged, only the first.</summary>
    public IEnumerable<Stage> Stages => IsGated ? Escalation.Prepend(Draft) : [Draft];

    /// <summary>Whether the answers of a stage are judged before the client sees them; else they are passed on as they come.</summary>
    public bool IsJudged(Stage stage) => IsGated && (stage.Agreement is not null || (Validators.Count > 0 && !stage.Trusted));

    /// <summary>How often a draft of a stage is repaired at most.</summary>
    public int RepairsOf(Stage stage) => IsJudged(stage) && stage.Agreement is null ? Repair.Attempts : 0;
}

/// <summary>One step of a route: who answers, and how.</summary>
public sealed record Stage
{
    /// <summary>Who drafts: deployments or pools, each asked for <see cref="Samples"/> drafts, in order. More than one draft needs an <see cref="Agreement"/>.</summary>
    public required IReadOnlyList<string> Deployments { get; init; }

    /// <summary>Who is asked, in order, where a deployment fails to answer.</summary>
    public IReadOnlyList<string> Fallback { get; init; } = [];

    /// <summary>Drafts per deployment.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>How several drafts become one; <c>null</c> where there is one.</summary>
    public AgreementPolicy? Agreement { get; init; }

    /// <summary>The thinking asked of this stage; <c>null</c>: what the request says.</summary>
    public Protocol.Chat.Thinking? Thinking { get; init; }

    /// <summary>The sampling temperature; <c>null</c>: what the request says.</summary>
    public double? Temperature { get; init; }

    /// <summary>A cap on the output tokens; a draft that runs over it is rejected. <c>null</c>: what the request says.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Whether the request's response format and tools are enforced upstream where they can be; else they are only checked.</summary>
    public bool Constrain { get; init; } = true;

    /// <summary>Whether its answer is passed on unjudged, as it comes: the client then waits for no verdict and there is no repair. Not for a route's draft.</summary>
    public bool Trusted { get; init; }
}

/// <summary>When drafts agree: so many of them have the same canonical form. Drafts are asked for in order, and only while they can still change the verdict.</summary>
/// <param name="Need">How many must agree.</param>
/// <param name="By">The normaliser's name (<c>exact</c>, <c>number</c>, <c>latex</c>, <c>choice</c>, <c>json</c>, <c>python</c>, <c>tool_call</c>, <c>code_output</c>).</param>
/// <param name="Field">The field of a JSON answer that is compared; <c>null</c>: all of it.</param>
public sealed record AgreementPolicy(int Need, string By, string? Field = null);

/// <summary>How a rejected draft is repaired.</summary>
/// <param name="Attempts">How often, per stage. A stage with an <see cref="AgreementPolicy"/> is not repaired.</param>
/// <param name="MaxUsd">The most money a request's repairs may cost; <c>null</c>: no cap of their own.</param>
/// <param name="Deployment">Who repairs; <c>null</c>: who drafted.</param>
/// <param name="Thinking">The thinking asked for; <c>null</c>: one level above the stage's, <c>high</c> at most.</param>
public sealed record RepairPolicy(int Attempts = 0, decimal? MaxUsd = null, string? Deployment = null, Protocol.Chat.Thinking? Thinking = null);

/// <summary>The caps of one request through a route.</summary>
/// <param name="MaxUsd">The most money; the next attempt is not made where it might exceed this.</param>
/// <param name="Deadline">The most time.</param>
/// <param name="MaxAttempts">The most attempts: calls of any deployment for any purpose, failed ones, retries and judges included.</param>
public sealed record RouteLimits(decimal? MaxUsd = null, TimeSpan? Deadline = null, int MaxAttempts = 16);

/// <summary>When a session goes straight to the strongest stage.</summary>
/// <param name="AfterEscalations">So many consecutive requests of the session were escalated.</param>
/// <param name="For">How long the latch holds after the last request.</param>
public sealed record LatchPolicy(int AfterEscalations, TimeSpan For);

/// <summary>What the client gets where no draft passed.</summary>
public enum WhenExhausted { Best, Error }
