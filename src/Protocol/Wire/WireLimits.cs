namespace Countersign.Protocol.Wire;

/// <summary>What a body may be at most. Sizes in bytes are the server's matter.</summary>
internal static class WireLimits
{
    /// <summary>Nesting of objects and arrays.</summary>
    public const int Depth = 64;

    /// <summary>Fields of the outermost object.</summary>
    public const int Fields = 256;

    /// <summary>Output tokens that can be asked for: the longest context of any model known.</summary>
    public const int OutputTokens = 10_000_000;

    /// <summary>Choices that can be asked for, as in OpenAI's API.</summary>
    public const int Choices = 128;

    /// <summary>Characters of a model's name.</summary>
    public const int ModelName = 512;
}
