using System.Text;

namespace Countersign.Protocol.Templates.Rendering;

/// <summary>Where text is written, within the budget.</summary>
internal sealed class TextSink(Budget budget)
{
    private readonly StringBuilder builder = new();

    public void Append(ReadOnlySpan<char> text)
    {
        budget.Text(text.Length);
        if (builder.Length + text.Length > budget.TextLength) throw TemplateException.Limit($"a text may not be longer than {budget.TextLength} characters");
        builder.Append(text);
    }

    public void Append(char character) => Append([character]);

    /// <summary>To be called before the items of a container are written: containers may hold each other without end.</summary>
    public void Nest() => budget.Step();

    public override string ToString() => builder.ToString();
}
