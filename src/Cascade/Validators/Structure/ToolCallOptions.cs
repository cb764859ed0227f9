using System.ComponentModel;

namespace Countersign.Cascade.Validators.Structure;

/// <summary>Options of <c>tool_call</c>.</summary>
internal sealed record ToolCallOptions
{
    /// <summary>Whether a call must be made.</summary>
    [Description("Whether an answer without a tool call is rejected. Default: what the request's tool_choice says.")]
    public bool? RequireCall { get; set; }

    /// <summary>Whether near-calls are mended.</summary>
    [Description("Whether near-calls are mended before the verdict: an object given as the only argument is unpacked, \"5\" becomes 5 where a number is wanted, near-JSON arguments become JSON. Default: true.")]
    public bool Mend { get; set; } = true;

    /// <summary>Whether calls written as text count.</summary>
    [Description("Whether calls that a model writes as text in Python's syntax, [f(a=1)], are read as calls. Default: true.")]
    public bool TextCalls { get; set; } = true;
}
