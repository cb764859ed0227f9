using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>A stream that breaks after its head was sent ends in an error event, also where the request was passed on unread and could not be read.</summary>
public sealed class CutStreamTests
{
    [Theory]
    [InlineData("openai", "/v1/chat/completions", """{"model":"small","stream":true,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null},{"role":"user","content":"b"}]}""", "data: {\"error\":{\"message\":")]
    [InlineData("anthropic", "/v1/messages", """{"model":"small","stream":true,"max_tokens":9,"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":")]
    [InlineData("openai_responses", "/v1/responses", """{"model":"small","stream":true,"input":[{"role":"user","content":[{"type":"input_text"}]}]}""", "event: error\ndata: {\"type\":\"error\",\"sequence_number\":")]
    public async Task Stream_CutAfterItsHead_EndsInAnErrorEvent(string api, string path, string body, string ending)
    {
        await using var scene = await GatewayScene.StartAsync(api: api);
        scene.Cheap.Then(async context =>
        {
            await Script.WriteFramesAsync(context, ApiAnswers.Frames(context).Take(3), TimeSpan.Zero);
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, context.RequestAborted); // The frames reach the client, and the head with them.
            context.Abort();
        });
        using var response = await scene.PostAsync(path, body);
        string stream = await response.Content.ReadAsStringAsync();

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains(ending, stream, StringComparison.Ordinal);
        Assert.EndsWith("\n\n", stream, StringComparison.Ordinal);
    }
}
