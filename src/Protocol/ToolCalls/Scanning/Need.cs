namespace Countersign.Protocol.ToolCalls.Scanning;

/// <summary>What a reader of raw text asks for when it stops. A reader is written as straight-line code over a text that is not all there yet:
/// it yields <see cref="More"/> where it cannot go on, and is resumed when text was added or the text is complete.</summary>
internal enum Need { More }
