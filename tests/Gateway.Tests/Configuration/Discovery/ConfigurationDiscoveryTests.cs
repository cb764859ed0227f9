using System.Net;
using System.Text;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Configuration.Discovery;
using Countersign.Gateway.Providers;

namespace Countersign.Gateway.Tests.Configuration.Discovery;

public sealed class ConfigurationDiscoveryTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("countersign-discovery-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Discovery_NothingThere_IsAnEmptyConfiguration()
    {
        DiscoveredConfiguration found = await DiscoverAsync([], []);
        Assert.Empty(found.Found);
        Assert.Empty(found.Loaded.Configuration!.Providers);
    }

    [Fact]
    public async Task Discovery_Keys_MakeProvidersWhoseEveryModelHasAName()
    {
        DiscoveredConfiguration found = await DiscoverAsync([], [("OPENAI_API_KEY", "sk-secret"), ("ANTHROPIC_API_KEY", "sk-other"), ("GOOGLE_API_KEY", "g"), ("GROQ_API_KEY", "")]);
        GatewayConfiguration configuration = found.Loaded.Configuration!;
        Assert.Equal(["anthropic", "gemini", "openai"], configuration.Providers.Keys.Order());
        Assert.Equal(("sk-other", ProviderApi.Anthropic), (configuration.Providers["anthropic"].Key, configuration.Providers["anthropic"].Api));
        Assert.Equal((ProviderApi.Gemini, "g", new Uri("https://generativelanguage.googleapis.com/v1beta")), (configuration.Providers["gemini"].Api, configuration.Providers["gemini"].Key, configuration.Providers["gemini"].BaseUrl));
        Assert.Equal("gpt-5-mini", configuration.FindDeployment("openai/gpt-5-mini")!.Model);
        Assert.Contains("OPENAI_API_KEY: models of openai, as openai/MODEL", found.Found);
        Assert.DoesNotContain("sk-", found.Loaded.EffectiveYaml + string.Join("", found.Found));
    }

    [Fact]
    public async Task Discovery_LoopbackServers_ListTheirModels()
    {
        DiscoveredConfiguration found = await DiscoverAsync(new()
        {
            [11434] = """{"object":"list","data":[{"id":"llama3.2:1b","owned_by":"library"},{"id":"odd \"${X}\" name"}]}""",
            [8080] = """{"data":[{"id":"qwen","owned_by":"llamacpp"}]}""",
            [8000] = """{"data":[{"id":"m","owned_by":"sglang"}]}""",
        }, []);
        GatewayConfiguration configuration = found.Loaded.Configuration!;
        Assert.Equal(["llama-server/qwen", "ollama/llama3.2:1b", "ollama/odd \"${X}\" name", "sglang/m"], configuration.Deployments.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("odd \"${X}\" name", configuration.Deployments["ollama/odd \"${X}\" name"].Model);
        Assert.Equal("llama.cpp", configuration.Providers["llama-server"].Server);
        Assert.Equal("127.0.0.1:8081", configuration.Server.Listen);
        Assert.Empty(configuration.Deployments["sglang/m"].Prices);
    }

    [Theory]
    [InlineData("""{"data":[{"id":"x","owned_by":"somebody"}]}""")]
    [InlineData("""{"data":"no"}""")]
    [InlineData("""[1]""")]
    [InlineData("<html>")]
    [InlineData("")]
    public async Task Discovery_SomethingElseOnThePort_IsNoServer(string answer) => Assert.Empty((await DiscoverAsync(new() { [8000] = answer, [8080] = answer }, [])).Found);

    [Fact]
    public async Task Discovery_ServerThatNeverAnswers_IsGivenUp() => Assert.Empty((await DiscoverAsync(new() { [11434] = Handler.Silence }, [])).Found);

    [Fact]
    public async Task Discovery_Weights_AreDeploymentsOfTheEngine()
    {
        Directory.CreateDirectory(Path.Combine(folder, "models"));
        foreach (string file in new[] { "tiny.Q4_1.gguf", "big-00001-of-00002.gguf", "big-00002-of-00002.gguf", "README.md" }) File.WriteAllText(Path.Combine(folder, "models", file), "");
        GatewayConfiguration configuration = (await DiscoverAsync([], [])).Loaded.Configuration!;
        Assert.Equal(["big", "tiny.Q4_1"], configuration.Deployments.Keys.Order());
        Assert.Equal(0, configuration.Deployments["big"].PriceOn(new DateOnly(2026, 1, 1))!.Output);
        Assert.Equal("big", configuration.FindDeployment("local/big")!.Name);
        Assert.Null(configuration.FindDeployment("local/none"));
    }

    private async Task<DiscoveredConfiguration> DiscoverAsync(Dictionary<int, string> answers, (string Name, string Value)[] variables)
    {
        using var http = new HttpMessageInvoker(new Handler(answers));
        var environment = new ConfigurationEnvironment(name => variables.FirstOrDefault(pair => pair.Name == name).Value, folder);
        return await ConfigurationDiscovery.RunAsync(environment, http, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private sealed class Handler(Dictionary<int, string> answers) : HttpMessageHandler
    {
        public const string Silence = "(silence)";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("/v1/models", request.RequestUri!.AbsolutePath);
            if (!answers.TryGetValue(request.RequestUri.Port, out string? answer)) throw new HttpRequestException("refused");
            if (answer == Silence) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
        }
    }
}
