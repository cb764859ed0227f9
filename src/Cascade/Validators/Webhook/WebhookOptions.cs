using System.ComponentModel;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Webhook;

/// <summary>Options of <c>webhook</c>.</summary>
public sealed record WebhookOptions
{
    /// <summary>Where drafts are posted to; http or https.</summary>
    [Description("Where drafts are posted to, as JSON; http or https.")]
    public required string Url { get; set; }

    /// <summary>Further headers, such as <c>authorization</c>; values are never printed.</summary>
    [Description("Further headers, such as authorization; values are never printed.")]
    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    /// <summary>How long it may take.</summary>
    [Description("How long it may take.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest answer, in bytes.</summary>
    [Description("The largest answer, in bytes.")]
    public int MaxResponseBytes { get; set; } = 64 * 1024;

    internal Uri Check()
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) throw ProblemException.Invalid("It must be a whole http or https address.", "url");
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromHours(1)) throw ProblemException.Invalid("It must be above zero and at most an hour.", "timeout");
        if (MaxResponseBytes < 1) throw ProblemException.Invalid("It must be at least 1.", "max_response_bytes");
        using var request = new HttpRequestMessage();
        foreach (var (name, value) in Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value)) throw ProblemException.Invalid($"'{name}' is no header that can be set.", "headers");
        }

        return url;
    }

    /// <inheritdoc/>
    public override string ToString() => $"webhook {Url}";
}
