using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates.Messages;
using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Parsing;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates;

/// <summary>A model's chat template: the part of Jinja2 that such templates use, rendered as Hugging Face transformers renders it, to the byte
/// (docs/decisions/0005-chat-templates.md). Parsed once; can be rendered by several threads at a time.</summary>
public sealed class ChatTemplate
{
    /// <summary>The longest template that is read, in UTF-16 units; real ones have up to 40,000.</summary>
    public const int MaximumLength = 1 << 20;

    private readonly Block body;
    private readonly IReadOnlySet<string> names;

    private readonly Lazy<TemplateTraits> traits;

    private ChatTemplate(Block body, IReadOnlySet<string> names)
    {
        (this.body, this.names) = (body, names);
        traits = new Lazy<TemplateTraits>(() => TemplateTraits.Of(this));
    }

    /// <summary>Parses a template.</summary>
    /// <exception cref="ProblemException">Its syntax is wrong; the message says where.</exception>
    public static ChatTemplate Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Length > MaximumLength) throw ProblemException.Invalid($"The chat template has {source.Length} characters; at most {MaximumLength} are read.");
        try
        {
            var (body, names) = TemplateParser.Parse(source);
            return new ChatTemplate(body, names);
        }
        catch (TemplateException failure)
        {
            throw Problem(failure, failure.Line);
        }
    }

    /// <summary>Whether the template reads a variable of that name, such as <c>enable_thinking</c>; a knob that it does not read has no effect.</summary>
    public bool Reads(string variable) => names.Contains(variable);

    /// <summary>The prompt of a conversation.</summary>
    /// <exception cref="ProblemException">The template refuses the conversation, or fails on it; the message has the template's words.</exception>
    public string Render(TemplateInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var settings = new RenderSettings(inputs.Limits, inputs.Clock, Lenient: true);
        var variables = Variables(inputs);
        return inputs.ContinueFinalMessage ? ContinuedMessage.Render(this, variables, settings) : Render(variables, settings);
    }

    /// <summary>What the template was found to take.</summary>
    internal TemplateTraits Traits => traits.Value;

    /// <summary>The text for given variables.</summary>
    internal string Render(IEnumerable<KeyValuePair<string, Value>> variables, RenderSettings settings)
    {
        var scope = new Scope(null);
        foreach (var (name, value) in variables) scope.Set(name, value);
        var context = new RenderContext(scope, settings);
        try
        {
            body.Render(context);
            return context.Output.ToString();
        }
        catch (TemplateException failure)
        {
            throw Problem(failure, failure.Line > 0 ? failure.Line : context.Line);
        }
    }

    private Dictionary<string, Value> Variables(TemplateInputs inputs)
    {
        try
        {
            var variables = inputs.Arguments.ToDictionary(argument => argument.Key, argument => JsonValues.Of(argument.Value));
            variables["messages"] = MessageValues.Of(inputs.Messages, Traits);
            variables["tools"] = ToolValues.Of(inputs.Tools);
            variables["documents"] = inputs.Documents is { } documents ? JsonValues.Of(documents) : NoneValue.Instance;
            if (inputs.Words is { } words) variables = variables.ToDictionary(variable => variable.Key, variable => ChangedTexts.Of(variable.Value, words));
            variables["add_generation_prompt"] = BoolValue.Of(inputs.AddGenerationPrompt && !inputs.ContinueFinalMessage);
            variables["bos_token"] = new StringValue(inputs.BosToken);
            variables["eos_token"] = new StringValue(inputs.EosToken);
            return variables;
        }
        catch (TemplateException failure)
        {
            throw ProblemException.Invalid($"The conversation cannot be rendered: {failure.Message}.", "messages");
        }
    }

    private static ProblemException Problem(TemplateException failure, int line) => new(
        new Problem(ProblemKind.InvalidRequest, Describe(failure, line), "messages", "chat_template_failed"), failure);

    private static string Describe(TemplateException failure, int line) => failure.Fault switch
    {
        TemplateFault.Raised => $"The model's chat template refuses this conversation: {failure.Message}",
        TemplateFault.Syntax => $"The chat template is broken at line {line}: {failure.Message}",
        _ => $"The model's chat template cannot render this conversation (line {line} of the template): {failure.Message}",
    };
}
