using System.Text.Json;
using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tests.Fixtures;
using Countersign.Engine.Tests.Models;

namespace Countersign.Engine.Tests.Kernels;

public sealed unsafe class BlockFormatTests
{
    private static readonly JsonElement Blocks = ArchitectureFixture.ReadJson(Fixture.Path("quant", "blocks.json"));

    public static TheoryData<string> Types => [.. Blocks.GetProperty("types").EnumerateArray()
        .Where(static type => Dequantize.Supports((TensorType)type.GetProperty("ggml_type").GetInt32()))
        .Select(static type => type.GetProperty("type").GetString()!)];

    [Fact]
    public void Types_OfTheEngine_AreAllInTheFixture() => Assert.Equal(12, Types.Count);

    [Theory]
    [MemberData(nameof(Types))]
    public void Dequantize_ReferenceBlocks_BitForBit(string name)
    {
        var (type, quantized, expected) = Read(name);
        var actual = new float[512];
        fixed (byte* source = quantized) fixed (float* target = actual) Dequantize.Row(type, source, target, 512);
        for (int i = 0; i < 512; i++) Assert.Equal(BitConverter.ToInt32(expected, 4 * i), BitConverter.SingleToInt32Bits(actual[i]));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void ScalarDot_ReferenceRows_IsTheExactDot(string name)
    {
        var (type, quantized, _) = Read(name);
        byte[] y = Convert.FromHexString(Blocks.GetProperty("y").GetString()!);
        JsonElement exact = Entry(name).GetProperty("dot_exact");
        var row = new float[256];
        for (int r = 0; r < 2; r++)
        {
            fixed (byte* source = quantized, values = y)
            fixed (float* weights = row)
            {
                Dequantize.Row(type, source + r * TensorLayout.RowBytes(type, 256), weights, 256);
                Assert.Equal(exact[r].GetDouble(), ScalarDot.Dot(weights, (float*)values, 256), 1e-4);
            }
        }
    }

    [Fact]
    public void TensorLayout_EveryTypeOfTheFixture_HasItsBlockSize()
    {
        foreach (JsonElement type in Blocks.GetProperty("types").EnumerateArray())
        {
            Assert.True(TensorLayout.TryGet((TensorType)type.GetProperty("ggml_type").GetInt32(), out int length, out int bytes));
            Assert.Equal(type.GetProperty("block_size").GetInt32(), length);
            Assert.Equal(type.GetProperty("block_bytes").GetInt32(), bytes);
        }
    }

    private static JsonElement Entry(string name) => Blocks.GetProperty("types").EnumerateArray().Single(type => type.GetProperty("type").GetString() == name);

    private static (TensorType Type, byte[] Quantized, byte[] Expected) Read(string name)
    {
        JsonElement entry = Entry(name);
        return ((TensorType)entry.GetProperty("ggml_type").GetInt32(), Convert.FromHexString(entry.GetProperty("quantized").GetString()!), Convert.FromHexString(entry.GetProperty("dequantized").GetString()!));
    }
}
