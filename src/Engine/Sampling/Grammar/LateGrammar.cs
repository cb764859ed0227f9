using System.Text;

namespace Countersign.Engine.Sampling.Grammar;

/// <summary>A grammar that begins with an answer's first token, or only after a text has been written, such as the mark that closes a thought.</summary>
internal sealed class LateGrammar(GrammarMatcher grammar, string? after)
{
    private readonly byte[] _mark = Encoding.UTF8.GetBytes(after ?? "");
    private readonly List<byte> _end = []; // The last bytes of the text, one less than the mark's at most.
    private bool _hasBegun = string.IsNullOrEmpty(after);

    /// <summary>Whether the grammar waits for its mark.</summary>
    public bool IsWaiting => !_hasBegun;

    /// <summary>Whether nothing may follow.</summary>
    public bool IsOver => _hasBegun && grammar.IsOver;

    /// <summary>The tokens that may come next; null is all.</summary>
    public TokenMask? Mask() => _hasBegun ? grammar.Mask() : null;

    /// <summary>Takes a token that was drawn. What it writes after the mark is a blank or nothing, and not the grammar's.</summary>
    public void Accept(ReadOnlySpan<byte> token)
    {
        if (_hasBegun) grammar.Accept(token);
        else Look(token);
    }

    private void Look(ReadOnlySpan<byte> token)
    {
        byte[] text = [.. _end, .. token];
        int mark = text.AsSpan().IndexOf(_mark);
        _hasBegun = mark >= 0;
        _end.Clear();
        if (!_hasBegun) _end.AddRange(text.AsSpan(Math.Max(0, text.Length - _mark.Length + 1)));
    }
}
