using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Http;

/// <summary>What an upstream that does not answer with success says.</summary>
internal static class UpstreamRefusal
{
    /// <summary>Its words, and when it wants to be asked again.</summary>
    public static async ValueTask<ProblemException> OfAsync(UpstreamAnswer answer, UpstreamApi api, TimeProvider time)
    {
        using var body = new PooledBuffer();
        await answer.ReadErrorAsync(body);
        var problem = api.ReadProblem(answer.Status, body.Written.Span);
        return new ProblemException(problem with { RetryAfter = answer.RetryAfter(time) ?? problem.RetryAfter, UpstreamStatus = problem.UpstreamStatus ?? answer.Status });
    }
}
