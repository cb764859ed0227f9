namespace Countersign.Engine.Bench;

/// <summary>An engine with a loaded model. Both start from an empty cache and compute without sampling, as llama-bench does.</summary>
internal interface IBenchmarked : IDisposable
{
    string Name { get; }

    /// <summary>Computes a prompt in one go; logits of its last token.</summary>
    void Prefill(int[] tokens);

    /// <summary>Computes tokens one after the other; logits of each.</summary>
    void Decode(int[] tokens);
}
