using Countersign.Cli.Hub;
using Microsoft.AspNetCore.Http;

namespace Countersign.Cli.Tests.Hub;

/// <summary>The token goes to the hub, to nobody else, and into no message.</summary>
public sealed class HubTokenTests
{
    private const string Token = "hf_secret", Model = "tiny.Q4_K_M.gguf";

    [Fact]
    public async Task Redirect_ToAnotherPort_IsFollowedWithoutTheToken()
    {
        await using var pulling = await Pulling.StartAsync();
        await using var store = await FakeHub.StartAsync();
        store.Files[Model] = pulling.Hub.Files[Model];
        pulling.Hub.Then(context => Redirect(context, $"{store.Address}{context.Request.Path}"));
        await pulling.PullAsync(options: pulling.Hub.Options(Token));
        Assert.Equal([Model, Model + ".sha256"], pulling.Names);
        Assert.All(pulling.Hub.Requests, request => Assert.Equal($"Bearer {Token}", request.Authorization));
        Assert.Null(Assert.Single(store.Requests).Authorization);
    }

    [Fact]
    public async Task Redirect_WithinTheHub_KeepsTheToken()
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Then(context => Redirect(context, context.Request.Path));
        await pulling.PullAsync(options: pulling.Hub.Options(Token));
        Assert.All(pulling.Hub.Downloads, request => Assert.Equal($"Bearer {Token}", request.Authorization));
        Assert.Equal(2, pulling.Hub.Downloads.Count());
    }

    [Fact]
    public async Task Redirect_InACircle_Ends()
    {
        await using var pulling = await Pulling.StartAsync();
        for (int i = 0; i < 20; i++) pulling.Hub.Then(context => Redirect(context, context.Request.Path));
        Assert.Contains("circle", await pulling.RefusalAsync());
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Refused_SaysThatTheTokenWas_WithoutShowingIt(int status)
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Then(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        string said = await pulling.RefusalAsync(options: pulling.Hub.Options(Token));
        Assert.Contains("does not accept HF_TOKEN", said);
        Assert.DoesNotContain(Token, said);
    }

    [Fact]
    public void Environment_GivesEndpointAndToken()
    {
        var options = HubOptions.FromEnvironment(name => name == "HF_ENDPOINT" ? "https://mirror.example/hub/" : " hf_x\n");
        Assert.Equal(("https://mirror.example/hub", "hf_x"), (options.Endpoint, options.Token));
        options = HubOptions.FromEnvironment(_ => null);
        Assert.Equal(("https://huggingface.co", null), (options.Endpoint, options.Token));
    }

    [Theory]
    [InlineData("ftp://hub", null)]
    [InlineData("hub", null)]
    [InlineData("https://user:word@hub", null)]
    [InlineData(null, "hf_a\nb")]
    public void Environment_OfNoUse_IsRefusedWithoutShowingIt(string? endpoint, string? token)
    {
        string said = Assert.Throws<HubException>(() => HubOptions.FromEnvironment(name => name == "HF_ENDPOINT" ? endpoint : token)).Message;
        Assert.DoesNotContain("word", said);
        Assert.DoesNotContain("hf_a", said);
    }

    private static Task Redirect(HttpContext context, string to)
    {
        context.Response.Redirect(to);
        return Task.CompletedTask;
    }
}
