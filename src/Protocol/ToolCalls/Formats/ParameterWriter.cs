using System.Text;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Writes a call's arguments as a JSON object, parameter by parameter.</summary>
/// <param name="writer">Where to.</param>
/// <param name="tool">The tool, where it is known.</param>
/// <param name="name">Its name as written.</param>
/// <param name="unwraps">Whether a lone <c>arguments</c> or <c>input</c> holds them all.</param>
internal sealed class ParameterWriter(CallWriter writer, ToolDefinition? tool, string name, bool unwraps)
{
    private readonly HashSet<string> written = new(StringComparer.Ordinal);
    private readonly StringBuilder buffered = new();
    private string key = "";
    private string? wrapped;
    private IReadOnlySet<string> types = new HashSet<string>();
    private bool isTextWhereUnknown, flows, isRepeated, isOpen;

    public void BeginValue(string parameter, bool isText)
    {
        Unwrap();
        (key, isTextWhereUnknown, isOpen) = (parameter, isText, true);
        types = ParameterSchema.TypesOf(ParameterSchema.Of(tool, parameter));
        isRepeated = written.Contains(parameter);
        if (isRepeated) writer.Finding($"The call of {name} gives \"{parameter}\" twice; the first holds.");
        flows = !isRepeated && !IsWrapper(parameter) && WrittenValue.IsText(types, isText);
        if (flows) writer.Arguments($"{Before(parameter)}\"");
    }

    public void Value(ReadOnlySpan<char> text)
    {
        if (flows) writer.Arguments(WrittenValue.Escape(text));
        else buffered.Append(text);
    }

    public void EndValue()
    {
        string value = buffered.ToString();
        buffered.Clear();
        isOpen = false;
        if (flows) writer.Arguments("\"");
        else if (!isRepeated && IsWrapper(key)) wrapped = value;
        else if (!isRepeated) writer.Arguments(Before(key) + WrittenValue.ToJson(value, types, isTextWhereUnknown));
    }

    /// <summary>The call ends. A value that was not closed is not made up; the arguments then end where they were certain.</summary>
    public void End(bool isCut)
    {
        if (wrapped is { } all && ArgumentsText.Parse(all) is { ValueKind: JsonValueKind.Object }) writer.Arguments(all);
        else
        {
            Unwrap();
            if (!isCut && !isOpen) writer.Arguments(written.Count == 0 ? "{}" : "}");
        }

        if (isCut || isOpen) writer.Cut();
        else writer.End();
    }

    private bool IsWrapper(string parameter) => unwraps && written.Count == 0 && parameter is "arguments" or "input" && ParameterSchema.Of(tool, parameter) is null;

    /// <summary>A wrapper that is not alone is a parameter like others.</summary>
    private void Unwrap()
    {
        if (wrapped is not { } value) return;
        wrapped = null;
        writer.Arguments(Before(key) + WrittenValue.ToJson(value, types, isTextWhereUnknown));
    }

    private string Before(string parameter)
    {
        string before = written.Count == 0 ? "{" : ", ";
        written.Add(parameter);
        return $"{before}{WrittenValue.Quote(parameter)}: ";
    }
}
