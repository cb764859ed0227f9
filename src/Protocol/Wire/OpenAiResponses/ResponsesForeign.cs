using System.Collections.Frozen;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>What becomes of a request of another API where it has no equal here: refused where the answer would be another one, else named in a warning.</summary>
internal static class ResponsesForeign
{
    private const string Api = "OpenAI's Responses";

    /// <summary>Fields of OpenAI's chat API that stand here in the same form.</summary>
    private static readonly FrozenSet<string> Shared = FrozenSet.ToFrozenSet(["metadata", "safety_identifier", "service_tier", "prompt_cache_retention"]);

    /// <summary>Whether an extra field is written as it is.</summary>
    public static bool IsCarried(WireApiKind from, string name) => from == WireApiKind.OpenAiChat && Shared.Contains(name);

    /// <summary>Goes through the fields that cannot be carried. A route may have set some on a request of this API too.</summary>
    /// <exception cref="ProblemException">One of them must not be dropped.</exception>
    public static void Check(ChatRequest request, ICollection<string> warnings)
    {
        if (request.ChoiceCount > 1) throw ProblemException.Invalid("'n' above 1 cannot be carried to the model asked, whose server speaks OpenAI's Responses API: ask once for each.", "n");
        if (request.Stop.Count > 0) throw ProblemException.Invalid("'stop' cannot be carried to the model asked, whose server speaks OpenAI's Responses API: the answer would go on. Leave it out, or name another model.", "stop");
        warnings.LeftOutSampling(request, Api);
        if (request.TopK is not null) warnings.LeftOut("top_k", Api);
        if (request.Api != WireApiKind.OpenAiResponses) ForeignFields.Check(request, Api, name => IsCarried(request.Api, name), warnings);
    }
}
