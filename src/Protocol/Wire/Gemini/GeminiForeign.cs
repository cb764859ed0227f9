using System.Collections.Frozen;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.OpenAiResponses;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>What becomes of a request's fields that have no equal here: refused where the answer would be another one, else named in a warning.</summary>
internal static class GeminiForeign
{
    private const string Api = "Gemini's";

    /// <summary>Fields of this API that callers of others may add, in its own form.</summary>
    private static readonly FrozenSet<string> Carried = FrozenSet.ToFrozenSet(["safetySettings", "cachedContent"]);

    /// <summary>Whether an extra field is written as it is.</summary>
    public static bool IsCarried(string name) => Carried.Contains(name);

    /// <summary>Goes through the fields that cannot be carried.</summary>
    /// <exception cref="ProblemException">One of them must not be dropped.</exception>
    public static void Check(ChatRequest request, ICollection<string> warnings)
    {
        ForeignFields.Check(request, Api, name => IsCarried(name) || name == ResponsesInclude.SealsField, warnings);
        if (request.ResponseFormat is { Schema: not null, Strict: false }) warnings.Once("response_format.strict: Gemini's API enforces every schema; false was not followed.");
        if (request.ResponseFormat?.Description is not null) warnings.LeftOut("response_format.description", Api);
        if (request.ParallelToolCalls == false && request.Tools.Count > 0) warnings.Once("parallel_tool_calls: Gemini's API cannot forbid several calls in one answer; left out.");
        if (request.User is not null) warnings.LeftOut("user", Api);
        if (request.PromptCacheKey is not null) warnings.LeftOut("prompt_cache_key", Api);
    }
}
