using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;
using Countersign.Protocol.Wire.OpenAiResponses;

namespace Countersign.Protocol.Wire;

/// <summary>Goes through what a request asks its own API for and an answer that is read on its way does not bring to the client: our form has text, reasoning, calls of functions and
/// log-probabilities. An answer that is passed on as it comes loses nothing.</summary>
public static class UnreadAnswers
{
    /// <summary>Anthropic's own tools that the caller runs: their calls are calls like any other.</summary>
    private static readonly string[] RunByCaller = ["bash_", "text_editor_", "computer_", "memory_"];

    /// <summary>OpenAI's own tools that its servers run to find what the text then says.</summary>
    private static readonly string[] RunForText = ["web_search", "file_search", "code_interpreter", "mcp", "tool_search"];

    /// <summary>Checks a request whose answer will be read.</summary>
    /// <param name="request">The request, on its way to an upstream of its API.</param>
    /// <param name="warnings">Takes a line for what is lost while the text is worth having.</param>
    /// <exception cref="ProblemException">The answer would be worth nothing.</exception>
    public static void Check(ChatRequest request, ICollection<string> warnings)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(warnings);
        foreach (var (name, value) in request.Extra)
        {
            if (value.ValueKind != JsonValueKind.Null) Check(request.Api, name, value, warnings);
        }

        foreach (var tool in request.Tools.Where(tool => !tool.IsFunction)) Check(request.Api, tool, warnings);
        if (request.Messages.SelectMany(message => message.Parts).OfType<OpaquePart>().Any(IsCited)) Lost("citations", warnings);
    }

    private static void Check(WireApiKind api, string name, JsonElement value, ICollection<string> warnings)
    {
        switch (api, name)
        {
            case (WireApiKind.OpenAiChat, "modalities") when value.Items().Any(item => item.Text() != "text"): throw Worthless(name);
            case (WireApiKind.OpenAiResponses, "background") when value.ValueKind == JsonValueKind.True: throw Worthless(name);
            case (WireApiKind.OpenAiChat, "web_search_options"):
            case (WireApiKind.AnthropicMessages, "mcp_servers" or "container" or "context_management"):
            case (WireApiKind.OpenAiResponses, _) when name.StartsWith("include.", StringComparison.Ordinal) && name != ResponsesInclude.SealsField:
                Lost(name, warnings);
                break;
            case (WireApiKind.OpenAiResponses, "store") when value.ValueKind == JsonValueKind.True:
                warnings.Once("store: what the upstream stores has another id than this answer, by which nothing is found.");
                break;
        }
    }

    private static void Check(WireApiKind api, ToolDefinition tool, ICollection<string> warnings)
    {
        string type = tool.Wire is { } wire ? wire.String("type"u8) ?? "" : "";
        bool isRunByCaller = api == WireApiKind.AnthropicMessages && StartsWithAny(type, RunByCaller);
        if (isRunByCaller) return;
        if (api == WireApiKind.OpenAiResponses && !StartsWithAny(type, RunForText)) throw Worthless($"tools: {tool.Name}");
        if (api == WireApiKind.OpenAiChat && type == "custom") warnings.Once($"tools: calls of '{tool.Name}' come as those of a function, with its input as arguments.");
        else Lost($"tools: {tool.Name}", warnings);
    }

    private static bool IsCited(OpaquePart part) => part.Wire.Member("citations"u8).Member("enabled"u8).ValueKind == JsonValueKind.True;

    private static bool StartsWithAny(string type, string[] starts) => starts.Any(start => type.StartsWith(start, StringComparison.Ordinal));

    private static void Lost(string name, ICollection<string> warnings) =>
        warnings.Once($"{name}: the answer is read on its way, and of what this adds to it the text alone is passed on (no citations, annotations or results).");

    private static ProblemException Worthless(string name) => ProblemException.Invalid(
        $"'{name}' asks for an answer that is more than text and calls of functions, and answers that are read on their way, as on a route that judges them, are passed on as those only. Name a deployment directly.", name.Split(':')[0]);
}
