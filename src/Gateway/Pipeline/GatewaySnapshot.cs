using System.Collections.Concurrent;
using Countersign.Cascade.Routes;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Catalogue;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Pipeline;

/// <summary>One configuration with what is made from it. Immutable; a reload makes another.</summary>
internal sealed class GatewaySnapshot(GatewayConfiguration configuration, Dispatcher dispatcher, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Plan> plans = new();

    public GatewayConfiguration Configuration => configuration;

    public Dispatcher Dispatcher => dispatcher;

    public DeclaredKeys Keys { get; } = new(configuration);

    /// <summary>What <paramref name="model"/> means.</summary>
    /// <exception cref="ProblemException">Nothing is called so, or the caller may not use it.</exception>
    public Plan PlanFor(string model, Caller caller)
    {
        if (!plans.TryGetValue(model, out var plan) && (plan = Find(model) ?? Successor(model)) is null)
            throw new ProblemException(new Problem(ProblemKind.NotFound, $"No route, pool or deployment is called '{model}'.{Fate(model)} 'GET /v1/models' lists them.", "model", "model_not_found"));
        caller.EnsureMayUse(plan.Name);
        if (!caller.Policy.IsEmpty && PolicyCheck.Of(caller.Policy, RouteReferences.Of(plan.Route), configuration) is { } breach)
            throw new ProblemException(new Problem(ProblemKind.Forbidden, $"The API key '{caller.Name}' has a policy: {breach.Message} {breach.Remedy}".TrimEnd(), "model", "model_not_allowed"));
        return plan;
    }

    /// <summary>The deployment of the model that its maker gives for one that it retired. Not kept: it is another one tomorrow.</summary>
    private Plan? Successor(string model)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (ModelCatalogue.Shipped.Find(model) is not { Retirement.Value: { } end } retired || !retired.IsRetiredOn(today)) return null;
        var successor = configuration.Deployments.Values.FirstOrDefault(deployment => ModelCatalogue.Shipped.Find(deployment.Model)?.Id == end.Successor);
        return successor is null ? null : Find(successor.Name)! with { InPlaceOf = model };
    }

    /// <summary>What became of a model that the catalogue knows and nobody has any more.</summary>
    private static string Fate(string model) => ModelCatalogue.Shipped.Find(model) switch
    {
        { Unreleased: { } why } => $" {why.Value}",
        { Retirement.Value: var end } => $" Its maker's service of it ends {end.Date:yyyy-MM-dd}; '{end.Successor}' is its successor.",
        _ => "",
    };

    private WireApiKind? ApiOf(Route route)
    {
        var spoken = RouteReferences.Of(route).SelectMany(name => Siblings.BehindName(name, configuration)).Select(deployment => configuration.Providers[deployment.Provider].ChatApi).Distinct().ToList();
        return spoken is [var only] ? only : null;
    }

    private Plan? Find(string model)
    {
        if (configuration.Routes.TryGetValue(model, out var route)) return plans.GetOrAdd(model, new Plan(model, route.Cascade, route.Budget, true, ApiOf(route.Cascade)));
        bool isDeclared = configuration.Deployments.ContainsKey(model) || configuration.Pools.ContainsKey(model);
        if (!isDeclared && configuration.FindDeployment(model) is null) return null;
        var alone = new Route { Name = model, Draft = new Stage { Deployments = [model] } };
        var plan = new Plan(model, alone, new Budget(), false, ApiOf(alone));
        return isDeclared ? plans.GetOrAdd(model, plan) : plan; // Names that only callers know are not kept: there is no end to them.
    }
}
