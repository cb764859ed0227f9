namespace Countersign.Cascade.Answers;

/// <summary>The text itself.</summary>
internal static class ExactAnswer
{
    /// <summary>The text without white space at its ends, line ends made one; <c>null</c> where it is empty.</summary>
    public static string? Canonical(string text)
    {
        string form = text.Trim().ReplaceLineEndings("\n");
        return form.Length == 0 ? null : form;
    }
}
