using System.Collections.Frozen;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.OpenAiResponses;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>What becomes of a request of another API where it has no equal here: refused where the answer would be another one, else named in a warning.</summary>
internal static class OpenAiChatForeign
{
    /// <summary>Fields of OpenAI's Responses API that chat has in the same form.</summary>
    private static readonly FrozenSet<string> Shared = FrozenSet.ToFrozenSet(["metadata", "safety_identifier", "service_tier", "store", "prompt_cache_retention"]);

    /// <summary>Whether an extra field is written as it is.</summary>
    public static bool IsCarried(WireApiKind from, string name) => from == WireApiKind.OpenAiResponses && Shared.Contains(name);

    /// <summary>Goes through the fields that cannot be carried.</summary>
    /// <exception cref="ProblemException">One of them must not be dropped.</exception>
    public static void Check(ChatRequest request, WireTarget target, ICollection<string> warnings)
    {
        if (request.Api == WireApiKind.OpenAiChat) return;
        ForeignFields.Check(request, "OpenAI's chat", name => IsCarried(request.Api, name) || (name == ResponsesInclude.SealsField && target.TakesSeals), warnings);
    }
}
