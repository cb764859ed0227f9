namespace Countersign.Engine.Gguf;

/// <summary>A GGUF file that cannot be used. The message says which file, where in it, and what is wrong.</summary>
public sealed class GgufException : Exception
{
    internal GgufException(string file, string problem) : base($"{file}: {problem}") { }

    internal GgufException(string file, long offset, string problem) : base($"{file}: at byte {offset}: {problem}") { }
}
