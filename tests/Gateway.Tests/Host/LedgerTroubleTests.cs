using System.Net;

namespace Countersign.Gateway.Tests.Host;

/// <summary>What becomes of requests while the ledger cannot be written, as on a full disk.</summary>
public sealed class LedgerTroubleTests
{
    private const string Body = """{"model":"small","messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task Requests_WhileTheLedgerTakesNone_AskNobodyAndAreRefused()
    {
        await using var scene = await GatewayScene.StartAsync();
        string away = scene.Folder + "-away";
        Directory.Move(scene.Folder, away);
        Assert.Equal(HttpStatusCode.InternalServerError, await AskAsync(scene)); // Nobody could know before.
        for (int i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync(scene));
        Assert.Single(scene.Cheap.Requests);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await scene.Client.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode);

        Directory.Move(away, scene.Folder);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(scene));
        Assert.Equal(HttpStatusCode.OK, (await scene.Client.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Request_ThatCouldNotBeKept_IsCountedAsItWasAnswered()
    {
        await using var scene = await GatewayScene.StartAsync();
        string away = scene.Folder + "-away";
        Directory.Move(scene.Folder, away);
        Assert.Equal(HttpStatusCode.InternalServerError, await AskAsync(scene));
        Directory.Move(away, scene.Folder);

        string line = await scene.MetricAsync("countersign_requests_total{route=\"small\"");
        Assert.Contains("status=\"500\"", line, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(GatewayScene scene)
    {
        using var response = await scene.PostAsync("/v1/chat/completions", Body);
        return response.StatusCode;
    }
}
