using System.Text.Json;
using Countersign.Engine;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers.Raw;

/// <summary>What is known of the chat template of a model behind a server that takes prompts as text. The begin token is always left out of prompts, as such servers put it there.</summary>
/// <param name="Source">The template; <c>null</c>: the model has none.</param>
/// <param name="ToolUse">The template of conversations with tools, where it is another.</param>
/// <param name="Eos">The text of the model's end token; <c>null</c>: unknown.</param>
internal sealed record KnownTemplate(string? Source, string? ToolUse, string? Eos)
{
    /// <summary>The parsed templates.</summary>
    public TemplateSet Templates { get; } = new(Source, ToolUse);

    /// <summary>Reads a file: a GGUF file's header, a <c>tokenizer_config.json</c>, or else Jinja.</summary>
    /// <exception cref="ProblemException">It cannot be read, or lacks what the template needs.</exception>
    public static KnownTemplate Read(string path)
    {
        try
        {
            var known = Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".gguf" => OfWeights(EngineModelInfo.Read(path)),
                ".json" => OfTokenizer(JsonElement.Parse(File.ReadAllBytes(path))),
                _ => new KnownTemplate(File.ReadAllText(path), null, null),
            };
            if (known is { Eos: null } && known.Templates.For(hasTools: false).Reads("eos_token"))
                throw Wrong(path, "its template writes the model's end token, which the file does not name: give the model's tokenizer_config.json or GGUF file");
            return known;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or EngineException)
        {
            throw Wrong(path, failure.Message);
        }
    }

    /// <summary>What llama-server's <c>/props</c> says.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static KnownTemplate OfProperties(ReadOnlySpan<byte> json)
    {
        var properties = JsonElement.Parse(json);
        return new KnownTemplate(TextOf(properties, "chat_template"), TextOf(properties, "chat_template_tool_use"), TextOf(properties, "eos_token"));
    }

    private static KnownTemplate OfWeights(EngineModelInfo info) => new(info.ChatTemplate, info.NamedChatTemplates.GetValueOrDefault("tool_use"), info.Eos?.Text);

    private static KnownTemplate OfTokenizer(JsonElement tokenizer)
    {
        string? eos = tokenizer.TryGetProperty("eos_token", out var token) && token.ValueKind == JsonValueKind.Object ? TextOf(token, "content") : TextOf(tokenizer, "eos_token");
        if (!tokenizer.TryGetProperty("chat_template", out var template) || template.ValueKind != JsonValueKind.Array) return new KnownTemplate(TextOf(tokenizer, "chat_template"), null, eos);
        var named = template.EnumerateArray().ToDictionary(item => TextOf(item, "name") ?? "", item => TextOf(item, "template"));
        return new KnownTemplate(named.GetValueOrDefault("default"), named.GetValueOrDefault("tool_use"), eos);
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static ProblemException Wrong(string path, string why) =>
        new(new Problem(ProblemKind.UpstreamUnavailable, $"The chat template in {Path.GetFileName(path)} cannot be used: {why}.", Code: "chat_template_unusable"));
}
