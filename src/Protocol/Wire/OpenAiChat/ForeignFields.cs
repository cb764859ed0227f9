using System.Collections.Frozen;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>What becomes of the extra fields of a request that came in another API.</summary>
internal static class ForeignFields
{
    /// <summary>Fields of OpenAI's Responses API that chat has in the same form.</summary>
    private static readonly FrozenSet<string> Shared = FrozenSet.ToFrozenSet(["metadata", "safety_identifier", "service_tier", "store", "prompt_cache_retention"]);

    /// <summary>Fields without which the answer would be another one.</summary>
    private static readonly FrozenSet<string> Needed = FrozenSet.ToFrozenSet(["previous_response_id", "conversation", "background", "prompt", "mcp_servers", "container"]);

    /// <summary>Whether the field is written as it is; otherwise it is named in <paramref name="warnings"/>.</summary>
    /// <exception cref="ProblemException">It cannot be carried, and must not be dropped.</exception>
    public static bool IsCarried(WireApiKind from, string name, ICollection<string> warnings)
    {
        if (from == WireApiKind.OpenAiResponses && Shared.Contains(name)) return true;
        if (Needed.Contains(name)) throw ProblemException.Invalid($"'{name}' cannot be carried to the model asked, whose server speaks OpenAI's chat API. Leave it out, or name a model of the API you use.", name);
        warnings.Add($"{name}: OpenAI's chat API has no such field; left out.");
        return false;
    }
}
