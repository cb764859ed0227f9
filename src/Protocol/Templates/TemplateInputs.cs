using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.OpenAiChat;

namespace Countersign.Protocol.Templates;

/// <summary>What a chat template is rendered with.</summary>
public sealed record TemplateInputs
{
    /// <summary>Variables that callers may not set through <see cref="Arguments"/>.</summary>
    private static readonly string[] Reserved = ["messages", "tools", "bos_token", "eos_token", "add_generation_prompt"];

    /// <summary>The conversation, oldest first.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>The tools that the answer may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>The variable <c>documents</c>, where the caller gave some.</summary>
    public JsonElement? Documents { get; init; }

    /// <summary>Whether the prompt ends with the head of an answer.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>Whether the model is to go on with the last message; the prompt then ends with its text.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>The text of the model's begin token; templates that write it expect the tokenizer to add none.</summary>
    public string BosToken { get; init; } = "";

    /// <summary>The text of the model's end token.</summary>
    public string EosToken { get; init; } = "";

    /// <summary>Further variables, such as <c>enable_thinking</c> or <c>reasoning_effort</c>. <see cref="ChatTemplate.Reads"/> tells which have an effect.</summary>
    public IReadOnlyDictionary<string, JsonElement> Arguments { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>What becomes of each text of the caller's (messages, tools, documents, arguments) before the template has it, such as the guarding of control
    /// tokens; <c>null</c>: nothing.</summary>
    public Func<string, string>? Words { get; init; }

    /// <summary>The clock of templates that write the date.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How much the template may do.</summary>
    public TemplateLimits Limits { get; init; } = TemplateLimits.Default;

    /// <summary>A request's conversation, tools and documents; its thinking as <c>enable_thinking</c> and <c>reasoning_effort</c>, unless the caller's
    /// <c>chat_template_kwargs</c>, which are passed on as they are, say otherwise.</summary>
    /// <exception cref="ProblemException">The template arguments are no object or name a variable that is not theirs.</exception>
    public static TemplateInputs Of(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var arguments = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (request.Thinking?.Level is { } level)
        {
            arguments["enable_thinking"] = JsonElement.Parse(level == ThinkingLevel.Off ? "false" : "true");
            if (level != ThinkingLevel.Off) arguments["reasoning_effort"] = JsonElement.Parse($"\"{Thinking.WordOf(level)}\"");
        }

        if (request.Extra.TryGetValue("chat_template_kwargs", out var given)) AddGiven(arguments, given);
        return new TemplateInputs
        {
            Messages = request.Messages,
            Tools = request.Tools,
            Documents = request.Extra.TryGetValue("documents", out var documents) ? documents : null,
            Arguments = arguments,
        };
    }

    private static void AddGiven(Dictionary<string, JsonElement> arguments, JsonElement given)
    {
        const string Param = "chat_template_kwargs";
        if (given.ValueKind == JsonValueKind.Null) return;
        if (given.ValueKind != JsonValueKind.Object) throw ProblemException.Invalid($"'{Param}' must be an object of template variables.", Param);
        foreach (var argument in given.EnumerateObject())
        {
            if (Reserved.Contains(argument.Name)) throw ProblemException.Invalid($"'{Param}.{argument.Name}' is set from the request itself; leave it out.", $"{Param}.{argument.Name}");
            arguments[argument.Name] = argument.Value;
        }
    }
}
