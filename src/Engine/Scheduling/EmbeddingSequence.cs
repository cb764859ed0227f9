using System.Numerics.Tensors;
using Countersign.Engine.Models;

namespace Countersign.Engine.Scheduling;

/// <summary>One text that becomes a vector, in one step.</summary>
internal sealed class EmbeddingSequence : Sequence
{
    private readonly EmbeddingSubmission submission;
    private readonly int index;

    public EmbeddingSequence(EmbeddingSubmission submission, int index, IReadOnlyList<int> text) : base(submission, text.Count)
    {
        (this.submission, this.index) = (submission, index);
        Append(text);
    }

    public override bool IsIndivisible => true;

    public override bool MayReuse => false;

    public override int FirstOutput => int.MaxValue;

    public override unsafe void Receive(Transformer model, BatchRun run, int firstOutput)
    {
        float[] vector = model.Head.Pool(run, model.Hidden(0), model.Shape.Pooling);
        if (model.Shape.Pooling != PoolingKind.Rank) Normalise(vector);
        IsFinished = true;
        submission.Set(index, vector);
    }

    private static void Normalise(float[] vector)
    {
        float length = TensorPrimitives.Norm<float>(vector);
        if (!float.IsFinite(length)) throw new InvalidDataException("The model's vectors are not numbers; its weights are damaged or overflow.");
        if (length > 0) TensorPrimitives.Divide(vector, length, vector);
    }
}
