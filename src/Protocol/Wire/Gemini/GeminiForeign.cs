using System.Collections.Frozen;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>What becomes of a request's fields that have no equal here: refused where the answer would be another one, else named in a warning.</summary>
internal static class GeminiForeign
{
    private const string Api = "Gemini's";

    /// <summary>Fields of this API that callers of others may add, in its own form.</summary>
    private static readonly FrozenSet<string> Carried = FrozenSet.ToFrozenSet(["safetySettings", "cachedContent"]);

    private static readonly FrozenSet<string> Needed = FrozenSet.ToFrozenSet(
    [
        "logit_bias", "audio", "modalities", "web_search_options", "response_format", "tool_choice", "text", "previous_response_id", "conversation", "background", "prompt",
        "mcp_servers", "container", "guided_json", "guided_regex", "guided_choice", "guided_grammar", "grammar", "structured_outputs",
    ]);

    /// <summary>Whether an extra field is written as it is.</summary>
    public static bool IsCarried(string name) => Carried.Contains(name);

    /// <summary>Goes through the fields that cannot be carried.</summary>
    /// <exception cref="ProblemException">One of them must not be dropped.</exception>
    public static void Check(ChatRequest request, ICollection<string> warnings)
    {
        foreach (string name in request.Extra.Keys)
        {
            if (Needed.Contains(name)) throw ProblemException.Invalid($"'{name}' cannot be carried to the model asked, whose server speaks Gemini's API. Leave it out, or name a model of the API you use.", name);
            if (!IsCarried(name)) warnings.LeftOut(name, Api);
        }

        if (request.ParallelToolCalls == false && request.Tools.Count > 0) warnings.Once("parallel_tool_calls: Gemini's API cannot forbid several calls in one answer; left out.");
        if (request.User is not null) warnings.LeftOut("user", Api);
        if (request.PromptCacheKey is not null) warnings.LeftOut("prompt_cache_key", Api);
    }
}
