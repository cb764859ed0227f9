using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates.Lexing;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Messages;

/// <summary>Renders a conversation whose last message the model is to continue: cut off right behind that message's text, by the rule of
/// transformers 5 (a tag is appended to the text and looked for in the result).</summary>
internal static class ContinuedMessage
{
    private const string Tag = "CONTINUE_FINAL_MESSAGE_TAG ";

    public static string Render(ChatTemplate template, Dictionary<string, Value> variables, RenderSettings settings)
    {
        var messages = (ListValue)variables["messages"];
        if (messages.Items is not [.., DictValue last]) throw Impossible("there is no message to continue");
        var (tagged, text) = WithTag(last);
        string rendered = template.Render(
            new Dictionary<string, Value>(variables) { ["messages"] = new ListValue([.. messages.Items.SkipLast(1), tagged]) }, settings);
        int at = rendered.LastIndexOf(Tag.TrimEnd(), StringComparison.Ordinal);
        bool isShown = at >= 0 && rendered.AsSpan().IndexOf(PythonSpace.Trim(text)) >= 0;
        if (!isShown) throw Impossible("the model's chat template does not show its text");
        bool keptSpace = rendered.AsSpan(at).StartsWith(Tag);
        return keptSpace ? rendered[..at] : PythonSpace.TrimEnd(rendered.AsSpan(0, at)).ToString();
    }

    private static (DictValue Tagged, string Text) WithTag(DictValue message)
    {
        var content = message.Find(new StringValue("content"));
        if (content is StringValue text) return (With(message, "content", new StringValue(text.Text + Tag)), text.Text);
        if (content is not ListValue parts) throw Impossible("it has no text");
        int at = parts.Items.FindLastIndex(part => part is DictValue dict && dict.Find(new StringValue("text")) is StringValue);
        if (at < 0) throw Impossible("it has no text");
        var part = (DictValue)parts.Items[at];
        string partText = ((StringValue)part.Find(new StringValue("text"))!).Text;
        List<Value> tagged = [.. parts.Items];
        tagged[at] = With(part, "text", new StringValue(partText + Tag));
        return (With(message, "content", new ListValue(tagged)), partText);
    }

    private static DictValue With(DictValue dict, string key, Value value)
    {
        var copy = new DictValue();
        foreach (var (name, old) in dict.Entries) copy.Set(name, old);
        copy.Set(key, value);
        return copy;
    }

    private static ProblemException Impossible(string reason) =>
        ProblemException.Invalid($"The last message cannot be continued: {reason}.", "messages", "chat_template_failed");
}
