using System.Buffers;

namespace Countersign.Protocol.ToolCalls.Scanning;

/// <summary>Marks to look for in a text that arrives in pieces.</summary>
internal sealed class MarkSet(params IEnumerable<string> marks)
{
    private readonly string[] marks = [.. marks];
    private readonly SearchValues<char> beginnings = SearchValues.Create([.. marks.Select(mark => mark[0]).Distinct()]);

    /// <summary>Finds the first mark in <paramref name="text"/>, the longest where several begin at one place.</summary>
    /// <param name="text">Where to look.</param>
    /// <param name="isComplete">Whether nothing follows the text.</param>
    /// <param name="index">Where the mark begins; where there is none, how much of the text is surely no part of one.</param>
    /// <returns>The mark, or <c>null</c>.</returns>
    public string? Find(ReadOnlySpan<char> text, bool isComplete, out int index)
    {
        for (index = 0; ; index++)
        {
            int next = text[index..].IndexOfAny(beginnings);
            index = next < 0 ? text.Length : index + next;
            if (next < 0) return null;
            var tail = text[index..];
            if (LongestAt(tail) is { } mark) return mark;
            if (!isComplete && IsBegun(tail)) return null;
        }
    }

    private string? LongestAt(ReadOnlySpan<char> text)
    {
        string? longest = null;
        foreach (string mark in marks)
        {
            if (mark.Length > (longest?.Length ?? 0) && text.StartsWith(mark)) longest = mark;
        }

        return longest;
    }

    private bool IsBegun(ReadOnlySpan<char> tail)
    {
        foreach (string mark in marks)
        {
            if (mark.AsSpan().StartsWith(tail)) return true;
        }

        return false;
    }
}
