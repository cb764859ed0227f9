using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>What became of the thinking that was asked for.</summary>
public sealed record AppliedThinking
{
    /// <summary>What was asked.</summary>
    public required Thinking Asked { get; init; }

    /// <summary>What the model was told: <c>off</c>, <c>on</c>, a level's word, or a budget in tokens; <c>unknown</c> where nobody can tell.</summary>
    public required string Applied { get; init; }

    /// <summary>Whether that is another thing than was asked.</summary>
    public bool Clamped { get; init; }

    /// <summary>Whether the rule is the nearest one rather than a documented one.</summary>
    public bool Assumed { get; init; }

    /// <summary>Whether nobody asked: the gated route's own default.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Why the knob had no effect; <c>null</c> where it had one.</summary>
    public string? NoEffect { get; init; }

    /// <summary>The deployment in whose place its sibling was asked; <c>null</c> where none was.</summary>
    public string? InPlaceOf { get; init; }

    /// <summary>What is said at the end of the user's last message, where that is the family's switch; <c>null</c>: nothing.</summary>
    public string? Said { get; init; }

    /// <summary>The request that remains, for APIs that have one field for it; <c>null</c>: nothing is said.</summary>
    public Thinking? Told { get; init; }

    /// <summary>The fields that say it in a chat request of OpenAI's form; <c>null</c>: as OpenAI's own API does.</summary>
    public JsonObject? Fields { get; init; }

    /// <summary>As in the response's header: <c>asked=high applied=on clamped=true</c>.</summary>
    public override string ToString() =>
        $"asked={Asked} applied={Applied} clamped={(Clamped ? "true" : "false")}{(Assumed ? " assumed=true" : "")}{(InPlaceOf is null ? "" : " switched=true")}";
}
