namespace Countersign.Engine;

/// <summary>What kind of thing went wrong, so that a server can choose its answer.</summary>
public enum EngineErrorKind
{
    /// <summary>The request contradicts itself or the model; it can never succeed.</summary>
    InvalidRequest,

    /// <summary>Prompt or text is longer than the model's context.</summary>
    TooLong,

    /// <summary>As many requests wait as may wait; try again later.</summary>
    QueueFull,

    /// <summary>The weights or the cache do not fit into memory.</summary>
    OutOfMemory,

    /// <summary>The file is damaged, truncated, or does not have its expected digest; or its weights give no numbers.</summary>
    CorruptFile,

    /// <summary>No model of that name.</summary>
    NotFound,

    /// <summary>The model was unloaded while the request ran.</summary>
    Unloaded,

    /// <summary>A fault of the engine itself.</summary>
    Internal,
}

/// <summary>What the engine refuses or fails at. The message says what, where, and the remedy.</summary>
public sealed class EngineException : Exception
{
    internal EngineException(EngineErrorKind kind, string message, Exception? cause = null) : base(message, cause) => Kind = kind;

    /// <summary>What kind of thing went wrong.</summary>
    public EngineErrorKind Kind { get; }
}
