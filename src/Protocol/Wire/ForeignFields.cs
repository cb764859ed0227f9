using System.Collections.Frozen;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>What becomes of a request's further fields where another API is asked than the caller's: refused where the answer would be another one, else named in a warning.</summary>
public static class ForeignFields
{
    private static readonly FrozenSet<string> State = FrozenSet.ToFrozenSet(["previous_response_id", "conversation", "prompt", "background"]);

    /// <summary>Fields without which the answer would be another one.</summary>
    private static readonly FrozenSet<string> Needed = FrozenSet.ToFrozenSet(
    [
        .. State, "logit_bias", "audio", "modalities", "web_search_options", "response_format", "tool_choice", "text", "mcp_servers", "container",
        "guided_json", "guided_regex", "guided_choice", "guided_grammar", "grammar", "structured_outputs",
    ]);

    /// <summary>Refuses what refers to something stored at the maker of the API: nobody else has it.</summary>
    /// <exception cref="ProblemException">There is such a field.</exception>
    public static void RefuseState(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        foreach (var (name, value) in request.Extra)
        {
            if (State.Contains(name) && !AsksNothing(name, value))
                throw ProblemException.Invalid($"'{name}' needs what its maker's servers store, and the model asked is not there: send the whole conversation, and wait for the answer.", name, "unsupported_parameter");
        }
    }

    /// <summary>Goes through the fields of a request that came in another API.</summary>
    /// <param name="request">The request.</param>
    /// <param name="api">The API asked, as a possessive: <c>Anthropic's</c>.</param>
    /// <param name="carried">Whether it has a field in the same form, which is then written as it is.</param>
    /// <param name="warnings">Takes a line for each field that is left out.</param>
    /// <exception cref="ProblemException">One of them must not be left out.</exception>
    internal static void Check(ChatRequest request, string api, Func<string, bool> carried, ICollection<string> warnings)
    {
        foreach (var (name, value) in request.Extra)
        {
            if (AsksNothing(name, value) || carried(name)) continue;
            if (Needed.Contains(name)) throw ProblemException.Invalid($"'{name}' cannot be carried to the model asked, whose server speaks {api} API. Leave it out, or name a model of the API you use.", name);
            warnings.LeftOut(name, api);
        }

        foreach (string place in UnreadMembers.Of(request)) warnings.LeftOut(place, api);
    }

    /// <summary>Whether a field is there and changes nothing.</summary>
    private static bool AsksNothing(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.False => name is "background" or "store",
        JsonValueKind.Array => value.Items().All(item => name == "modalities" && item.Text() == "text"),
        JsonValueKind.Object => name == "logit_bias" && !value.EnumerateObject().Any(),
        _ => false,
    };
}
