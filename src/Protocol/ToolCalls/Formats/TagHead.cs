namespace Countersign.Protocol.ToolCalls;

/// <summary>What stands in an opening tag after its fixed beginning: a bare name, or a name, its closing quote and attributes.</summary>
internal static class TagHead
{
    /// <summary>The name.</summary>
    public static string NameOf(string head)
    {
        int quote = head.IndexOf('"', StringComparison.Ordinal);
        return (quote < 0 ? head : head[..quote]).Trim();
    }

    /// <summary>Whether the attribute <c>string</c> says that the value is one; <c>null</c> where it is not there.</summary>
    public static bool? IsText(string head)
    {
        if (head.Contains("string=\"true\"", StringComparison.Ordinal)) return true;
        return head.Contains("string=\"false\"", StringComparison.Ordinal) ? false : null;
    }
}
