using System.Text;

namespace Countersign.Engine.Sampling.Grammar;

/// <summary>A grammar that begins with an answer's first token, or only after a text has been written, such as the mark that closes a thought.</summary>
/// <param name="grammar">The grammar.</param>
/// <param name="after">That text; null or empty: it begins at once.</param>
/// <param name="waitsIf">The text of the first token that makes it wait; null: it waits in any case.</param>
internal sealed class LateGrammar(GrammarMatcher grammar, string? after, string? waitsIf)
{
    private readonly GrammarMatcher _grammar = grammar;
    private readonly byte[] _opening = Encoding.UTF8.GetBytes(waitsIf ?? "");
    private readonly byte[] _mark = Encoding.UTF8.GetBytes(after ?? "");
    private readonly List<byte> _end = []; // The last bytes of the text, one less than the mark's at most.
    private bool _hasBegun = string.IsNullOrEmpty(after);
    private bool _isUndecided = !string.IsNullOrEmpty(after) && waitsIf is not null;

    /// <summary>Whether the grammar waits for its mark.</summary>
    public bool IsWaiting => !_hasBegun;

    /// <summary>Whether the first token, freely drawn, decides if the grammar waits; see <see cref="Decide"/>.</summary>
    public bool IsUndecided => _isUndecided;

    /// <summary>Takes what the answer would freely begin with; says whether the grammar waits, so that this token may be taken.</summary>
    public bool Decide(ReadOnlySpan<byte> token)
    {
        _isUndecided = false;
        _hasBegun = !token.SequenceEqual(_opening);
        return IsWaiting;
    }

    /// <summary>Goes on from where another answer of the same request stands.</summary>
    public void Follow(LateGrammar other)
    {
        _grammar.Follow(other._grammar);
        (_hasBegun, _isUndecided) = (other._hasBegun, other._isUndecided);
        _end.Clear();
        _end.AddRange(other._end);
    }

    /// <summary>Whether nothing may follow.</summary>
    public bool IsOver => _hasBegun && _grammar.IsOver;

    /// <summary>The tokens that may come next; null is all.</summary>
    public TokenMask? Mask() => _hasBegun ? _grammar.Mask() : null;

    /// <summary>Takes a token that was drawn. What it writes after the mark is a blank or nothing, and not the grammar's.</summary>
    public void Accept(ReadOnlySpan<byte> token)
    {
        if (_hasBegun) _grammar.Accept(token);
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
