using Countersign.Gateway.Providers;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Dispatch;

/// <summary>An upstream's 404 for a model: the fault of who wrote the model's name, which is the caller (<c>provider/model</c>) or the configuration.</summary>
internal static class UnknownModel
{
    private const string Code = "model_not_found";

    /// <summary>The problem in words for the caller; other problems as they are.</summary>
    public static Problem Explain(Problem problem, ProviderCall call)
    {
        var deployment = call.Deployment;
        bool isIt = problem.UpstreamStatus == 404 && (problem.Code == Code || problem.Message.Contains(deployment.Model, StringComparison.Ordinal)); // Else it is the address that is not known.
        if (!isIt) return problem;
        bool isTheCallers = call.AskedModel == deployment.Name && deployment.Name == $"{deployment.Provider}/{deployment.Model}";
        return isTheCallers
            ? problem with { Kind = ProblemKind.NotFound, Message = $"'{deployment.Provider}' knows no model '{deployment.Model}': {problem.Message}", Param = "model", Code = Code }
            : problem with { Message = $"Deployment `{deployment.Name}` is configured with the model '{deployment.Model}', which its upstream does not know: {problem.Message}" };
    }
}
