using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire;

/// <summary>Lines about fields that a target's API cannot carry, the same for each of them.</summary>
public static class WireWarnings
{
    /// <summary>The most lines of a request: callers choose what there is to warn of.</summary>
    public const int Most = 64;

    /// <summary>What the last of so many lines says.</summary>
    public const string More = "More of the request was left out, in places that are too many to name.";

    /// <summary>Adds a line, once.</summary>
    internal static void Once(this ICollection<string> warnings, string line)
    {
        if (warnings.Count < Most && !warnings.Contains(line)) warnings.Add(warnings.Count < Most - 1 ? line : More);
    }

    /// <summary>Names a field that is left out.</summary>
    /// <param name="warnings">Takes the line.</param>
    /// <param name="field">The field.</param>
    /// <param name="api">The API that lacks it, as a possessive: <c>Anthropic's</c>.</param>
    internal static void LeftOut(this ICollection<string> warnings, string field, string api) => warnings.Once($"{field}: {api} API has no such field; left out.");

    /// <summary>Names the sampling settings of OpenAI's chat API that change how, but not what, is answered.</summary>
    internal static void LeftOutSampling(this ICollection<string> warnings, ChatRequest request, string api)
    {
        if (request.FrequencyPenalty is not (null or 0)) warnings.LeftOut("frequency_penalty", api);
        if (request.PresencePenalty is not (null or 0)) warnings.LeftOut("presence_penalty", api);
        if (request.Seed is not null) warnings.LeftOut("seed", api);
    }
}
