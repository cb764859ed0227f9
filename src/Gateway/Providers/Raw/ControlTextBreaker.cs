using System.Text.RegularExpressions;

namespace Countersign.Gateway.Providers.Raw;

/// <summary>Breaks up what looks like a control token in a caller's texts. A server that takes a prompt as text parses every control token in it, whoever wrote it;
/// a zero-width space after the first letter keeps such a text readable and harmless.</summary>
/// <param name="template">What is known of the model's template: marks in words (<c>[INST]</c>, <c>&lt;/s&gt;</c>) count only where it, or the end token, writes them.</param>
internal sealed partial class ControlTextBreaker(KnownTemplate template)
{
    private const string ZeroWidthSpace = "\u200B";

    /// <summary>Whether anything was broken up.</summary>
    public bool HasBroken { get; private set; }

    /// <summary>The text with its control tokens broken up.</summary>
    public string Break(string text) => Marks().Replace(text, Broken);

    private string Broken(Match mark)
    {
        bool isToken = mark.Value.Contains('|') || mark.Value.Contains('｜') || mark.Value == template.Eos || template.Source?.Contains(mark.Value, StringComparison.Ordinal) == true;
        HasBroken |= isToken;
        return isToken ? mark.Value.Insert(1, ZeroWidthSpace) : mark.Value;
    }

    [GeneratedRegex(@"<[|｜][^<>\s]{1,60}>|<[^<>\s]{1,60}[|｜]>|</?[A-Za-z_]{1,30}>|\[/?[A-Z_]{2,30}\]")]
    private static partial Regex Marks();
}
