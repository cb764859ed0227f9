namespace Countersign.Engine.Tokenizers;

/// <summary>GPT-2's one-to-one map between bytes and printable characters, in which byte-level BPE vocabularies are written:
/// printable Latin-1 stands for itself, the other 68 bytes for U+0100 onwards.</summary>
internal static class ByteLevel
{
    private static readonly char[] s_charOfByte = BuildChars();
    private static readonly short[] s_byteOfChar = BuildBytes();

    public static char CharOf(byte value) => s_charOfByte[value];

    /// <summary>The byte that <paramref name="c"/> stands for, or -1.</summary>
    public static int ByteOf(char c) => c < s_byteOfChar.Length ? s_byteOfChar[c] : -1;

    private static char[] BuildChars()
    {
        var chars = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE;
            chars[b] = printable ? (char)b : (char)next++;
        }

        return chars;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[324];
        Array.Fill(bytes, (short)-1);
        for (int b = 0; b < 256; b++) bytes[s_charOfByte[b]] = (short)b;
        return bytes;
    }
}
