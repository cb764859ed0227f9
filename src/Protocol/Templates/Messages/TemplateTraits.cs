using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;
using Countersign.Protocol.ToolCalls;

namespace Countersign.Protocol.Templates.Messages;

/// <summary>Which variants of a conversation a template takes, found by rendering small ones with it.</summary>
internal sealed record TemplateTraits
{
    private const string Mark = "Zanzibar";

    /// <summary>Whether system messages are shown at all.</summary>
    public required bool TakesSystem { get; init; }

    /// <summary>Whether system messages are shown behind others.</summary>
    public required bool TakesLateSystem { get; init; }

    /// <summary>Whether it knows the developer role; where not, or where it writes any role at all unseen, system is said instead.</summary>
    public required bool TakesDeveloper { get; init; }

    /// <summary>Whether a call's arguments are wanted as JSON text. Most templates want an object, and all that take either get that.</summary>
    public required bool TakesArgumentsAsText { get; init; }

    /// <summary>Whether call ids must be nine letters or digits (Mistral).</summary>
    public required bool WantsShortCallIds { get; init; }

    public static TemplateTraits Of(ChatTemplate template)
    {
        var user = Message("user", "Hello.");
        bool takesObject = Renders(template, CallMessages("abcDEF123", asText: false));
        bool takesText = !takesObject && Renders(template, CallMessages("abcDEF123", asText: true));
        return new TemplateTraits
        {
            TakesSystem = Shows(template, Message("system", Mark), user),
            TakesLateSystem = Shows(template, Message("system", "Be brief."), user, Message("assistant", "Hello."), Message("system", Mark), user),
            TakesDeveloper = Shows(template, Message("developer", Mark), user) && !Shows(template, Message("stranger", Mark), user),
            TakesArgumentsAsText = takesText,
            WantsShortCallIds = (takesObject || takesText) && !Renders(template, CallMessages("call_0123456789abcdef", takesText)),
        };
    }

    /// <summary>The id as the template takes it, always the same for the same id.</summary>
    public string CallId(string id) => WantsShortCallIds ? CallIds.Mistral(id) : id;

    private static bool Shows(ChatTemplate template, params Value[] messages) => Try(template, messages)?.Contains(Mark, StringComparison.Ordinal) ?? false;

    private static bool Renders(ChatTemplate template, Value[] messages) => Try(template, messages) is not null;

    private static string? Try(ChatTemplate template, Value[] messages)
    {
        Dictionary<string, Value> variables = new()
        {
            ["messages"] = new ListValue([.. messages]),
            ["tools"] = NoneValue.Instance,
            ["documents"] = NoneValue.Instance,
            ["add_generation_prompt"] = BoolValue.True,
            ["bos_token"] = StringValue.Empty,
            ["eos_token"] = StringValue.Empty,
        };
        try
        {
            return template.Render(variables, new RenderSettings(TemplateLimits.Default, TimeProvider.System, Lenient: true));
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    private static DictValue Message(string role, string content) => Dict(("role", new StringValue(role)), ("content", new StringValue(content)));

    private static Value[] CallMessages(string id, bool asText)
    {
        Value arguments = asText ? new StringValue("{\"a\": \"b\"}") : Dict(("a", new StringValue("b")));
        var call = Dict(("id", new StringValue(id)), ("type", new StringValue("function")), ("function", Dict(("name", new StringValue("f")), ("arguments", arguments))));
        var answer = Dict(("role", new StringValue("assistant")), ("content", StringValue.Empty), ("tool_calls", new ListValue([call])));
        var result = Dict(("role", new StringValue("tool")), ("name", new StringValue("f")), ("tool_call_id", new StringValue(id)), ("content", new StringValue("c")));
        return [Message("user", "Hello."), answer, result, Message("assistant", "Hello.")];
    }

    private static DictValue Dict(params (string Key, Value Value)[] entries)
    {
        var dict = new DictValue();
        foreach (var (key, value) in entries) dict.Set(key, value);
        return dict;
    }
}
