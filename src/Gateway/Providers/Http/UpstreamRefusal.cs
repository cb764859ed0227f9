using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Http;

/// <summary>What an upstream says that does not answer with success, or in a form that nobody asked for.</summary>
internal static class UpstreamRefusal
{
    /// <summary>Its words, and when it wants to be asked again.</summary>
    public static async ValueTask<ProblemException> OfAsync(UpstreamAnswer answer, UpstreamApi api, TimeProvider time)
    {
        if (answer.IsSuccess) return new ProblemException(new Problem(ProblemKind.UpstreamFailed, WhyNotServed(answer), Code: "answer_malformed"));
        using var body = new PooledBuffer();
        if (answer.Encoding is null) await answer.ReadErrorAsync(body);
        var problem = api.ReadProblem(answer.Status, body.Written.Span);
        return new ProblemException(problem with { RetryAfter = answer.RetryAfter(time) ?? problem.RetryAfter, UpstreamStatus = problem.UpstreamStatus ?? answer.Status });
    }

    private static string WhyNotServed(UpstreamAnswer answer) => answer.Encoding is { } encoding
        ? $"The upstream's answer is encoded as `{encoding}`, which it was not asked for."
        : $"The upstream answered with `{answer.ContentType}` where an event stream was asked for.";
}
