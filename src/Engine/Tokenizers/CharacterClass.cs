using System.Globalization;

namespace Countersign.Engine.Tokenizers;

/// <summary>A set of code points: general categories, ranges, white space, complement, intersection. ASCII is answered from a bitmap.</summary>
internal sealed class CharacterClass
{
    private readonly uint _categories;
    private readonly bool _whiteSpace;
    private readonly bool _negated;
    private readonly (int First, int Last)[] _ranges;
    private readonly CharacterClass? _and;
    private readonly UInt128 _ascii;

    public CharacterClass(uint categories, bool whiteSpace, (int First, int Last)[] ranges, bool negated, CharacterClass? and)
    {
        (_categories, _whiteSpace, _ranges, _negated, _and) = (categories, whiteSpace, ranges, negated, and);
        for (int c = 0; c < 128; c++)
        {
            if (Compute(c)) _ascii |= UInt128.One << c;
        }
    }

    public bool Contains(int codePoint) => codePoint < 128 ? ((ulong)(_ascii >> codePoint) & 1) != 0 : Compute(codePoint);

    private bool Compute(int codePoint) => Member(codePoint) != _negated && (_and is null || _and.Contains(codePoint));

    private bool Member(int codePoint)
    {
        if (_categories != 0 && (_categories >> (int)CharUnicodeInfo.GetUnicodeCategory(codePoint) & 1) != 0) return true;
        if (_whiteSpace && codePoint < 0x10000 && char.IsWhiteSpace((char)codePoint)) return true;
        foreach ((int first, int last) in _ranges)
        {
            if (codePoint >= first && codePoint <= last) return true;
        }

        return false;
    }
}
