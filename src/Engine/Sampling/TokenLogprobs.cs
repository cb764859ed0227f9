using System.Numerics.Tensors;

namespace Countersign.Engine.Sampling;

/// <summary>A token and its natural-log probability.</summary>
public readonly record struct TokenLogprob(int Id, float Logprob);

/// <summary>Log-probabilities of the model's own distribution, before bias, grammar, penalties and temperature, as llama.cpp reports them by default.</summary>
internal static class TokenLogprobs
{
    /// <summary>The log-probability of <paramref name="id"/>; the best tokens go to <paramref name="top"/>, best first.</summary>
    public static float Read(ReadOnlySpan<float> logits, int id, Span<TokenLogprob> top)
    {
        float max = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits) sum += PortableMath.Exp(logit - (double)max);
        double normaliser = max + PortableMath.Log(sum);
        int held = 0;
        for (int i = 0; i < logits.Length && top.Length > 0; i++)
        {
            if (held == top.Length && !(logits[i] > top[^1].Logprob)) continue;
            if (held < top.Length) held++;
            int at = held - 1;
            for (; at > 0 && logits[i] > top[at - 1].Logprob; at--) top[at] = top[at - 1];
            top[at] = new TokenLogprob(i, logits[i]);
        }

        for (int i = 0; i < held; i++) top[i] = top[i] with { Logprob = (float)(top[i].Logprob - normaliser) };
        return (float)(logits[id] - normaliser);
    }
}
