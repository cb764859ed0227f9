using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Writes <c>tools</c> and <c>toolConfig</c>.</summary>
internal static class GeminiTools
{
    /// <exception cref="ProblemException">A tool that only its own provider has.</exception>
    public static void Write(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Tools.Count == 0) return;
        json.WriteStartArray("tools"u8);
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations"u8);
        foreach (var tool in request.Tools) WriteFunction(json, tool);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        WriteChoice(json, request);
    }

    private static void WriteFunction(Utf8JsonWriter json, ToolDefinition tool)
    {
        if (!tool.IsFunction) throw ProblemException.Invalid($"The tool '{tool.Name}' is its provider's own and cannot be carried to the model asked, whose server speaks Gemini's API.", "tools");
        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is { } description) json.WriteString("description"u8, description);
        if (tool.Parameters is { } parameters) json.WriteRaw("parametersJsonSchema", parameters); // JSON Schema as it is; parameters knows a part of it only.
        json.WriteEndObject();
    }

    /// <summary>A tool that is called strictly by its schema is a mode here, and of all tools: <c>VALIDATED</c> is <c>AUTO</c> with schemas kept.</summary>
    private static void WriteChoice(Utf8JsonWriter json, ChatRequest request)
    {
        bool isStrict = request.Tools.Any(tool => tool.Strict == true);
        if (request.ToolChoice is null && !isStrict) return;
        json.WriteStartObject("toolConfig"u8);
        json.WriteStartObject("functionCallingConfig"u8);
        json.WriteString("mode"u8, request.ToolChoice?.Mode switch
        {
            ToolChoiceMode.None => "NONE",
            ToolChoiceMode.Required or ToolChoiceMode.Named => "ANY",
            _ => isStrict ? "VALIDATED" : "AUTO",
        });
        if (request.ToolChoice?.Name is { } name)
        {
            json.WriteStartArray("allowedFunctionNames"u8);
            json.WriteStringValue(name);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
