using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire;

/// <summary>Lines about fields that a target's API cannot carry, the same for each of them.</summary>
internal static class WireWarnings
{
    /// <summary>Adds a line, once.</summary>
    public static void Once(this ICollection<string> warnings, string line)
    {
        if (!warnings.Contains(line)) warnings.Add(line);
    }

    /// <summary>Names a field that is left out.</summary>
    /// <param name="warnings">Takes the line.</param>
    /// <param name="field">The field.</param>
    /// <param name="api">The API that lacks it, as a possessive: <c>Anthropic's</c>.</param>
    public static void LeftOut(this ICollection<string> warnings, string field, string api) => warnings.Once($"{field}: {api} API has no such field; left out.");

    /// <summary>Names the sampling settings of OpenAI's chat API that change how, but not what, is answered.</summary>
    public static void LeftOutSampling(this ICollection<string> warnings, ChatRequest request, string api)
    {
        if (request.FrequencyPenalty is not (null or 0)) warnings.LeftOut("frequency_penalty", api);
        if (request.PresencePenalty is not (null or 0)) warnings.LeftOut("presence_penalty", api);
        if (request.Seed is not null) warnings.LeftOut("seed", api);
    }
}
