using System.Buffers.Binary;
using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;
using Countersign.Engine.Tests.Gguf;

namespace Countersign.Engine.Tests.Kernels;

/// <summary>A matrix of random blocks in any format, and random inputs for it.</summary>
internal sealed unsafe class MatrixFixture : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ComputePool pool = new(2);
    private readonly LargePageMemory memory = new();
    private readonly GgufFile file;
    private readonly MappedMatrix matrix;

    /// <param name="type">The format.</param>
    /// <param name="rows">Length of the results.</param>
    /// <param name="columns">Length of the inputs.</param>
    /// <param name="tokens">How many inputs.</param>
    /// <param name="change">Told the bytes of the first block and its length, to damage it.</param>
    public MatrixFixture(TensorType type, int rows, int columns, int tokens, Action<byte[], int>? change = null)
    {
        var random = new Random(7 + (int)type);
        TensorLayout.TryGet(type, out int length, out int bytes);
        var weights = new byte[rows * columns / length * bytes];
        random.NextBytes(weights);
        for (int block = 0; block < weights.Length; block += bytes) Tame(type, weights.AsSpan(block, bytes), random);
        change?.Invoke(weights, bytes);
        string path = folder.Write("m.gguf", new GgufBytes().Text("general.architecture", "llama").Tensor("m", type, [columns, rows], weights).Build());
        file = GgufFile.Open(path);
        matrix = new MappedMatrix(file.FindTensor("m")!, 0);
        Input = new float[tokens * columns];
        for (int i = 0; i < Input.Length; i++) Input[i] = (float)((random.NextDouble() - 0.5) * Math.Exp(random.NextDouble() * 4));
    }

    /// <summary>(token, column).</summary>
    public float[] Input { get; }

    /// <summary>The input as kernels with 8-bit activations see it.</summary>
    public float[] RoundedInput()
    {
        var rounded = new float[Input.Length];
        var quants = new sbyte[Input.Length];
        var sums = new float[Input.Length / Activations.Block * Activations.SumsPerBlock];
        fixed (float* source = Input, target = sums) fixed (sbyte* to = quants) ActivationRounding.ToQ8(source, Input.Length, to, target);
        for (int i = 0; i < rounded.Length; i++) rounded[i] = quants[i] * sums[i / Activations.Block * Activations.SumsPerBlock];
        return rounded;
    }

    /// <summary>(token, row).</summary>
    public float[] Multiply(KernelLevel level, float[] input)
    {
        int count = input.Length / matrix.Columns;
        var result = new float[count * matrix.Rows];
        using var product = new MatrixProduct(pool);
        fixed (float* from = input, to = result)
        {
            product.Input(from, matrix.Columns, count, matrix.Columns);
            product.Multiply(MatrixPacking.Pack(matrix, level, memory), to, matrix.Rows);
        }

        return result;
    }

    public void Dispose()
    {
        file.Dispose();
        folder.Dispose();
        pool.Dispose();
        memory.Dispose();
    }

    /// <summary>Gives a random block scales of an ordinary size.</summary>
    private static void Tame(TensorType type, Span<byte> block, Random random)
    {
        double scale = (random.NextDouble() - 0.5) * 0.02;
        switch (type)
        {
            case TensorType.F32: BinaryPrimitives.WriteSingleLittleEndian(block, (float)scale); break;
            case TensorType.BF16: BinaryPrimitives.WriteUInt16LittleEndian(block, (ushort)(BitConverter.SingleToUInt32Bits((float)scale) >> 16)); break;
            case TensorType.MXFP4: block[0] = (byte)(110 + random.Next(10)); break;
            case TensorType.Q6_K: Put(block[208..], scale / 40); break;
            case TensorType.Q4_1 or TensorType.Q5_1 or TensorType.Q4_K or TensorType.Q5_K:
                Put(block, scale / 20);
                Put(block[2..], (random.NextDouble() - 0.5) * 0.005);
                break;
            default: Put(block, scale); break;
        }
    }

    private static void Put(Span<byte> target, double value) => BinaryPrimitives.WriteHalfLittleEndian(target, (Half)value);
}
