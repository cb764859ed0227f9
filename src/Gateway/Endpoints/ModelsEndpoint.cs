using System.Text.Json.Serialization;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>: what a caller may name as <c>model</c>; routes first, then pools, then deployments.
/// A provider's undeclared models (<c>provider/model</c>) are not listed, as nobody here knows all of them, but are found by their names.</summary>
internal sealed class ModelsEndpoint(ApiEndpoint api, SnapshotSource snapshots, TimeProvider time)
{
    private readonly long created = time.GetUtcNow().ToUnixTimeSeconds();

    public Task ListAsync(HttpContext http) => api.RunAsync(http, (caller, _) =>
    {
        var configuration = snapshots.Current.Configuration;
        return JsonResponse.SendAsync(http, new ModelList("list", [.. Visible(All(configuration), caller, configuration)]), ModelJson.Default.ModelList);
    });

    public Task GetAsync(HttpContext http) => api.RunAsync(http, (caller, _) =>
    {
        string id = ((string)http.Request.RouteValues["id"]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase); // The one escape that routing leaves; SDKs write it.
        var configuration = snapshots.Current.Configuration;
        var found = Visible(All(configuration).Where(model => model.Id == id).Concat(Undeclared(id, configuration)), caller, configuration).FirstOrDefault()
            ?? throw new ProblemException(new Problem(ProblemKind.NotFound, $"No route, pool or deployment is called '{id}'.", "id", "model_not_found"));
        return JsonResponse.SendAsync(http, found, ModelJson.Default.Model);
    });

    private static IEnumerable<Model> Visible(IEnumerable<Model> models, Caller caller, GatewayConfiguration configuration) =>
        models.Where(model => caller.MayUse(model.Id) && PolicyCheck.Of(caller.Policy, NamesBehind(model.Id, configuration), configuration) is null);

    private static IReadOnlyList<string> NamesBehind(string id, GatewayConfiguration configuration) => configuration.Routes.TryGetValue(id, out var route) ? RouteReferences.Of(route.Cascade) : [id];

    private IEnumerable<Model> All(GatewayConfiguration configuration) =>
    [
        .. configuration.Routes.Keys.Select(name => Of(name, "route")),
        .. configuration.Pools.Keys.Select(name => Of(name, "pool")),
        .. configuration.Deployments.Values.Select(deployment => Of(deployment.Name, deployment.Provider)),
    ];

    private IEnumerable<Model> Undeclared(string id, GatewayConfiguration configuration) => configuration.FindDeployment(id) is { } deployment ? [Of(id, deployment.Provider)] : [];

    private Model Of(string id, string owner) => new(id, "model", created, owner);
}

/// <summary>OpenAI's model object.</summary>
internal sealed record Model(string Id, string Object, long Created, string OwnedBy);

/// <summary>OpenAI's list of models.</summary>
internal sealed record ModelList(string Object, IReadOnlyList<Model> Data);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelList))]
internal sealed partial class ModelJson : JsonSerializerContext;
