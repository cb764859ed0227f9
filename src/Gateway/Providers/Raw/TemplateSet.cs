using Countersign.Protocol.Templates;

namespace Countersign.Gateway.Providers.Raw;

/// <summary>The chat templates of one model, parsed when first used.</summary>
/// <param name="chat">The template of conversations; <c>null</c>: none is known, and ChatML is used.</param>
/// <param name="toolUse">The one for conversations with tools, where it is another.</param>
internal sealed class TemplateSet(string? chat, string? toolUse = null)
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

    private readonly Lazy<ChatTemplate> chatTemplate = new(() => ChatTemplate.Parse(chat ?? ChatMl));
    private readonly Lazy<ChatTemplate?> toolTemplate = new(() => toolUse is null ? null : ChatTemplate.Parse(toolUse));

    /// <summary>Whether the model has a template of its own.</summary>
    public bool HasOwn => chat is not null;

    /// <summary>The template of a conversation.</summary>
    /// <param name="hasTools">Whether its answer may call tools.</param>
    /// <exception cref="Protocol.Problems.ProblemException">Its syntax is wrong.</exception>
    public ChatTemplate For(bool hasTools) => (hasTools ? toolTemplate.Value : null) ?? chatTemplate.Value;
}
