using Countersign.Engine;
using Countersign.Protocol.Templates;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>A model in memory, with what is made from its file once.</summary>
internal sealed class LoadedModel(EngineModel engine)
{
    /// <summary>What ends a turn of ChatML.</summary>
    public const string ChatMlEnd = "<|im_end|>";

    private const string ChatMl = """
        {%- for message in messages -%}
            {{- '<|im_start|>' + message.role + '\n' + (message.content or '') + '<|im_end|>\n' -}}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
            {{- '<|im_start|>assistant\n' -}}
        {%- endif -%}
        """;

    private readonly Lazy<ChatTemplate> template = new(() => ChatTemplate.Parse(engine.Info.ChatTemplate ?? ChatMl));
    private readonly Lazy<ChatTemplate?> toolTemplate = new(() => engine.Info.NamedChatTemplates.TryGetValue("tool_use", out string? source) ? ChatTemplate.Parse(source) : null);

    public EngineModel Engine => engine;

    /// <summary>Whether the file has a chat template; otherwise chats use ChatML.</summary>
    public bool HasTemplate => engine.Info.ChatTemplate is not null;

    /// <summary>The template of a conversation.</summary>
    /// <param name="hasTools">Whether the answer may call tools; some files have a template of its own for that.</param>
    public ChatTemplate TemplateOf(bool hasTools) => (hasTools ? toolTemplate.Value : null) ?? template.Value;
}
