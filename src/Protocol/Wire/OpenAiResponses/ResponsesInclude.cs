using System.Text.Json;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary><c>include</c>: what more an answer shall hold than it does by itself.</summary>
internal static class ResponsesInclude
{
    /// <summary>Log-probabilities, which the request has a member for.</summary>
    public const string Logprobs = "message.output_text.logprobs";

    /// <summary>Sealed reasoning.</summary>
    public const string Seals = "reasoning.encrypted_content";

    /// <summary>The extra field in which a wish for sealed reasoning stands: answers of other APIs may have it all the same.</summary>
    public const string SealsField = "include." + Seals;

    /// <summary>Reads whether log-probabilities are wanted; every other wish becomes an extra field of its own, <c>include.</c> before its name.</summary>
    public static bool Read(WireValue value, Dictionary<string, JsonElement> extra)
    {
        bool wantsLogprobs = false;
        foreach (var item in value.Items())
        {
            string wish = item.Text();
            wantsLogprobs |= wish == Logprobs;
            if (wish != Logprobs) extra[$"include.{wish}"] = item.Element;
        }

        return wantsLogprobs;
    }

    /// <summary>Writes what the caller wished for in this API, and what else is wanted.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="given">The caller's own <c>include</c>, or nothing.</param>
    /// <param name="wanted">Further wishes.</param>
    public static void Write(Utf8JsonWriter json, JsonElement given, IEnumerable<string> wanted)
    {
        string[] all = [.. given.Items().Select(item => item.Text() ?? "").Where(wish => wish != Logprobs), .. wanted];
        if (all.Length == 0) return;
        json.WriteStartArray("include"u8);
        foreach (string wish in all.Distinct()) json.WriteStringValue(wish);
        json.WriteEndArray();
    }
}
