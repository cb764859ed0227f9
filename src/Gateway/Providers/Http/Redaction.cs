using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Takes a provider's secrets out of what its upstream says: some repeat the key that they refuse.</summary>
internal sealed class Redaction(ProviderOptions options)
{
    // Shorter values are no secrets, and would blacken innocent words.
    private const int ShortestSecret = 6;

    private readonly string[] secrets = [.. options.Headers.Values.Append(options.Key).OfType<string>().Where(value => value.Length >= ShortestSecret)];

    /// <summary>The problem without secrets.</summary>
    public Problem Apply(Problem problem) => problem with { Message = Clean(problem.Message)!, Param = Clean(problem.Param), Code = Clean(problem.Code) };

    private string? Clean(string? text)
    {
        foreach (string secret in secrets) text = text?.Replace(secret, "***", StringComparison.OrdinalIgnoreCase);
        return text;
    }
}
