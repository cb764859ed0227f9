using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Tests.Dispatch;

/// <summary>A dispatcher over a scripted provider called <c>p</c>, with a clock that tests turn.</summary>
internal sealed class DispatchScene
{
    private readonly Dictionary<string, Deployment> deployments = [];
    private readonly Dictionary<string, Pool> pools = [];

    public ScriptedProvider Provider { get; } = new();
    public TurnedClock Clock { get; } = new();
    public RequestTrace Trace { get; private set; } = new();
    public DeploymentLanes Lanes { get; }
    public int Seed { get; init; } = 1;

    public DispatchScene() => Lanes = new DeploymentLanes(Clock);

    public static Deployment Deployment(string name) => new()
    {
        Name = name,
        Provider = "p",
        Model = $"{name}-model",
        Prices = [new Price { Input = 1, Output = 10 }],
        Retry = new RetryOptions { Attempts = 0 },
    };

    public DispatchScene With(params Deployment[] added)
    {
        foreach (var deployment in added) deployments[deployment.Name] = deployment;
        return this;
    }

    public DispatchScene With(params string[] names) => With([.. names.Select(Deployment)]);

    public DispatchScene WithPool(string name, params PoolMember[] members)
    {
        pools[name] = new Pool(name, members);
        return this;
    }

    public Dispatcher Build() => new(
        new GatewayConfiguration { Version = "1", Providers = new Dictionary<string, ProviderOptions> { ["p"] = new() { Name = "p", Api = ProviderApi.OpenAi } }, Deployments = new Dictionary<string, Deployment>(deployments), Pools = new Dictionary<string, Pool>(pools) },
        new Dictionary<string, IProvider> { ["p"] = Provider }, Lanes, Clock, new Random(Seed));

    public Task<List<ChatEvent>> AskAsync(params string[] targets) => AskAsync(Build(), targets);

    public async Task<List<ChatEvent>> AskAsync(Dispatcher dispatcher, params string[] targets)
    {
        Trace = new RequestTrace();
        var events = new List<ChatEvent>();
        await foreach (var chatEvent in dispatcher.AttemptAsync(Attempt(targets), Trace, TestContext.Current.CancellationToken)) events.Add(chatEvent);
        return events;
    }

    public static AttemptRequest Attempt(params string[] targets) => new()
    {
        Request = new ChatRequest { Api = WireApiKind.OpenAiChat, Model = targets[0], Messages = [ChatMessage.Of(ChatRole.User, "hi")] },
        Targets = targets,
        Purpose = AttemptPurpose.Plain,
    };
}
