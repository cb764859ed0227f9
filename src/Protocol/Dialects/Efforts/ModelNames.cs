namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>Names of models as makers, hosts and files write them.</summary>
internal static class ModelNames
{
    /// <summary>The name without its maker, in small letters with hyphens: <c>Qwen/QwQ-32B</c> is <c>qwq-32b</c>, <c>gpt-oss:20b</c> is <c>gpt-oss-20b</c>.</summary>
    public static string Plain(string model) => model[(model.LastIndexOf('/') + 1)..].ToLowerInvariant().Replace('_', '-').Replace(' ', '-').Replace(':', '-');

    /// <summary>Whether a plain name fits a pattern, in which a star stands for any text.</summary>
    public static bool Matches(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        int star = pattern.IndexOf('*');
        if (star < 0) return name.SequenceEqual(pattern);
        if (!name.StartsWith(pattern[..star])) return false;
        var rest = pattern[(star + 1)..];
        if (rest.IsEmpty) return true;
        for (int at = star; at <= name.Length; at++)
        {
            if (Matches(name[at..], rest)) return true;
        }

        return false;
    }
}
