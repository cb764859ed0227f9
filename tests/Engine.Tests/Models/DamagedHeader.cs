using System.Buffers.Binary;
using System.Text;

namespace Countersign.Engine.Tests.Models;

/// <summary>A GGUF header with single values made wrong: what an attacker, or a broken converter, writes where everything else is in order.</summary>
internal sealed class DamagedHeader
{
    private static readonly uint[] WrongNumbers = [0, 1, 2, 3, 5, 7, 16, 33, 64, 128, 255, 1 << 16, 1 << 24, int.MaxValue, 0x80000000, uint.MaxValue];
    private static readonly float[] WrongFloats = [0, -1, 1e-30f, 1e30f, float.NaN, float.PositiveInfinity];

    private readonly byte[] good;
    private readonly List<(int Key, int KeyLength, uint Type, int Value)> values = [];

    public DamagedHeader(byte[] file)
    {
        good = file;
        int at = 24;
        for (ulong left = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(16)); left > 0; left--)
        {
            int length = (int)Number(at), type = at + 8 + length;
            if (Encoding.UTF8.GetString(file, at + 8, length).StartsWith("tokenizer.", StringComparison.Ordinal)) return;
            values.Add((at + 8, length, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(type)), type + 4));
            at = type + 4 + SizeOf(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(type)), type + 4);
        }
    }

    /// <summary>The file with one to three values changed, or keys renamed so that they are missing.</summary>
    public byte[] Damage(Random random)
    {
        byte[] bytes = [.. good];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            var (key, length, type, value) = values[random.Next(values.Count)];
            if (type is 4 or 5) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(value), WrongNumbers[random.Next(WrongNumbers.Length)]);
            else if (type == 6) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(value), WrongFloats[random.Next(WrongFloats.Length)]);
            else if (type == 7) bytes[value] ^= 1;
            else if (type == 9 && Number(value + 4) > 0) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(value + 12), WrongNumbers[random.Next(WrongNumbers.Length)]);
            else bytes[key + length - 1] ^= 1;
            if (random.Next(6) == 0) bytes[key + length - 1] ^= 1;
        }

        return bytes;
    }

    private long Number(int at) => BinaryPrimitives.ReadInt64LittleEndian(good.AsSpan(at));

    private int SizeOf(uint type, int at) => type switch
    {
        0 or 1 or 7 => 1,
        2 or 3 => 2,
        4 or 5 or 6 => 4,
        8 => 8 + (int)Number(at),
        9 => 12 + ((int)Number(at + 4) * SizeOf(BinaryPrimitives.ReadUInt32LittleEndian(good.AsSpan(at)), at + 12)),
        _ => 8,
    };
}
