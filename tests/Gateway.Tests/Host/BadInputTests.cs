using System.Net;
using System.Text;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("{", 400, null)]
    [InlineData("", 400, null)]
    [InlineData("[]", 400, null)]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", 400, "model")]
    [InlineData("""{"model":7,"messages":[{"role":"user","content":"hi"}]}""", 400, "model")]
    [InlineData("""{"model":"nobody","messages":[{"role":"user","content":"hi"}]}""", 404, "model")]
    [InlineData("""{"model":"small","messages":[]}""", 400, "messages")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":"hi"}],"stream":"yes"}""", 400, "stream")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":"hi"}],"n":99999999999}""", 400, "n")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":"hi"}],"max_tokens":-1}""", 400, "max_tokens")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":"hi"}],"stop":5}""", 400, "stop")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":"hi"}],"stop":["a",5]}""", 400, "stop[1]")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":"hi"}],"user":5}""", 400, "user")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":"hi"}],"response_format":"json"}""", 400, "response_format")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":"hi"}],"logprobs":"yes"}""", 400, "logprobs")]
    [InlineData("""{"model":"small","messages":"hi"}""", 400, "messages")]
    [InlineData("""{"model":"small","messages":["hi"]}""", 400, "messages[0]")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":"hi"},{"role":5,"content":"hi"}]}""", 400, "messages[1].role")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":{"a":[{"role":1}]}}]}""", 400, "messages[0].content")]
    public async Task Chat_Malformed_IsRefusedInTheApisShapeAndNothingIsAsked(string body, int status, string? param)
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.PostAsync("/v1/chat/completions", body);
        Assert.Equal(status, (int)response.StatusCode);
        var error = (await GatewayScene.JsonOfAsync(response)).GetProperty("error");
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Empty(scene.Cheap.Requests);
        Assert.True(response.Headers.Contains("x-countersign-request-id"));
    }

    [Fact]
    public async Task Chat_InvalidUtf8OrTooDeep_IsRefused()
    {
        await using var scene = await GatewayScene.StartAsync();
        using var broken = await scene.PostAsync("/v1/chat/completions", [.. Encoding.UTF8.GetBytes("{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\""), 0xC3, 0x28, .. Encoding.UTF8.GetBytes("\"}]}")]);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        using var deep = await scene.PostAsync("/v1/chat/completions", "{\"model\":\"small\",\"x\":" + new string('[', 5000) + new string(']', 5000) + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        Assert.Equal(HttpStatusCode.BadRequest, deep.StatusCode);
        Assert.Empty(scene.Cheap.Requests);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "invalid_request_error", "invalid_request")]
    [InlineData("/v1/messages", "invalid_request_error", null)]
    [InlineData("/v1/messages/count_tokens", "invalid_request_error", null)]
    public async Task Body_WronglyFramed_IsRefusedInTheApisShape(string path, string type, string? code)
    {
        await using var scene = await GatewayScene.StartAsync();
        string answer = await RawAsync(scene, $"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.Contains($"\"type\":\"{type}\"", answer);
        Assert.Equal(code is not null, answer.Contains($"\"code\":\"{code ?? "none"}\"", StringComparison.Ordinal));
    }

    private static async Task<string> RawAsync(GatewayScene scene, string request)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(scene.Client.BaseAddress!.Host, scene.Client.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }

    [Fact]
    public async Task Messages_UnknownModel_IsRefusedInAnthropicsShape()
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.PostAsync("/v1/messages", """{"model":"nobody","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var body = await GatewayScene.JsonOfAsync(response);
        Assert.Equal("error", body.GetProperty("type").GetString());
        Assert.Equal("not_found_error", body.GetProperty("error").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("/v1/none", "error")]
    [InlineData("/v1/messages/none", "type")]
    public async Task NoSuchPath_IsAnErrorInTheApisShape(string path, string member)
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.True(response.Headers.Contains("x-countersign-request-id"));
        var body = await GatewayScene.JsonOfAsync(response);
        Assert.True(body.TryGetProperty(member, out _));
        Assert.Contains($"GET {path}", body.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", "POST", false)]
    [InlineData("DELETE", "/v1/responses", "POST", false)]
    [InlineData("GET", "/v1/embeddings", "POST", false)]
    [InlineData("GET", "/v1/messages", "POST", true)]
    [InlineData("PUT", "/v1/messages/count_tokens", "POST", true)]
    [InlineData("POST", "/v1/models", "GET, HEAD", false)]
    [InlineData("DELETE", "/v1/models/a/b", "GET, HEAD", false)]
    [InlineData("GET", "/v1/outcomes", "POST", false)]
    [InlineData("POST", "/v1/requests/req_1", "GET, HEAD", false)]
    [InlineData("POST", "/healthz", "GET, HEAD", false)]
    public async Task KnownPath_WrongMethod_IsRefusedWithThoseThatThereAre(string method, string path, string allowed, bool isAnthropic)
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        var body = await GatewayScene.JsonOfAsync(response);
        Assert.Equal(isAnthropic, body.TryGetProperty("type", out _));
        Assert.Equal("invalid_request_error", body.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains(allowed, body.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/v1/models")]
    public async Task Head_IsAnsweredAsGetWithoutTheBody(string path)
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.True(response.Headers.Contains("x-countersign-request-id"));
    }

    [Fact]
    public async Task UpstreamRefuses_ClientLearnsIt_ButNoSecret()
    {
        await using var scene = await GatewayScene.StartAsync();
        scene.Cheap.Then(Script.Error(401, "Incorrect API key provided: sk-upstream-secret"));
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"small","messages":[{"role":"user","content":"hi"}]}""");
        string body = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("upstream refused", body);
        Assert.DoesNotContain("sk-upstream-secret", body);
        var trace = await scene.TraceOfAsync(response);
        Assert.Equal("failed", trace.GetProperty("attempts")[0].GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("", "this machine only")]
    [InlineData("keys: { required: true }", "every request is refused")]
    public async Task NoKeyAtAll_ItIsSaidWhoMayAsk(string keys, string note)
    {
        await using var scene = await GatewayScene.StartAsync(keys);
        Assert.Contains(note, scene.AccessNote);
    }

    [Fact]
    public async Task KeysRequired_WithoutOrWithAWrongKey_IsUnauthenticated()
    {
        await using var scene = await GatewayScene.StartAsync("callers: { team: { key: cs-test-key-that-is-long-enough } }");
        Assert.Null(scene.AccessNote);
        const string body = """{"model":"small","messages":[{"role":"user","content":"hi"}]}""";
        Assert.Equal(HttpStatusCode.Unauthorized, (await scene.PostAsync("/v1/chat/completions", body)).StatusCode);
        scene.Client.DefaultRequestHeaders.Add("Authorization", "Bearer wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, (await scene.PostAsync("/v1/chat/completions", body)).StatusCode);
        scene.Client.DefaultRequestHeaders.Remove("Authorization");
        scene.Client.DefaultRequestHeaders.Add("x-api-key", "cs-test-key-that-is-long-enough");
        Assert.Equal(HttpStatusCode.OK, (await scene.PostAsync("/v1/chat/completions", body)).StatusCode);
        Assert.Single(scene.Cheap.Requests);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"gated","messages":[{"role":"user","content":7}]}""", "messages[0].content")]
    [InlineData("/v1/chat/completions", """{"model":"gated","messages":[{"role":"user","content":"hi"}],"temperature":1e400}""", "temperature")]
    [InlineData("/v1/chat/completions", """{"model":"small","messages":[{"role":"user","content":"hi"}],"temperature":1e400}""", "temperature")]
    [InlineData("/v1/messages", """{"model":"small","max_tokens":9,"messages":[{"role":"user","content":"hi"}],"top_p":-1}""", "top_p")]
    [InlineData("/v1/responses", """{"model":"small","input":"hi","temperature":"hot"}""", "temperature")]
    [InlineData("/v1/responses", """{"model":"gated","input":[{"type":"function_call_output"}]}""", "input[0].call_id")]
    [InlineData("/v1/responses", """{"model":"small","input":[7]}""", "input[0]")]
    [InlineData("/v1/messages", """{"model":"small","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text")]
    public async Task Request_ThatCannotBeRead_IsRefusedBeforeAnythingIsWrittenDown(string path, string body, string param)
    {
        await using var scene = await GatewayScene.StartAsync("routes: { gated: { draft: { deployment: small }, validate: [ { length: { min: 1 } } ] } }");
        using var response = await scene.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(param, await response.Content.ReadAsStringAsync());
        Assert.Empty(scene.Cheap.Requests);
        Assert.Equal("request_not_found", (await scene.TraceOfAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    [InlineData("{}", "request_id")]
    [InlineData("""{"request_id":null,"success":true}""", "request_id")]
    [InlineData("""{"request_id":7,"success":true}""", "request_id")]
    [InlineData("""{"request_id":"req_1"}""", "success")]
    [InlineData("""{"request_id":"req_1","success":"yes"}""", "success")]
    [InlineData("""{"request_id":"req_1","success":true,"score":1e400}""", "score")]
    [InlineData("""{"request_id":"req_1","success":true,"score":"0.5"}""", "score")]
    [InlineData("""{"request_id":"req_1","success":true,"scoer":0.5}""", "scoer")]
    [InlineData("""{"request_id":"req_1","success":true,"note":"\ud800"}""", "note")]
    [InlineData("""{"request_id":"req_1","success":true,"success":false}""", null)]
    public async Task Outcome_Malformed_IsRefusedWithTheField(string body, string? param)
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.PostAsync("/v1/outcomes", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await GatewayScene.JsonOfAsync(response)).GetProperty("error");
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.DoesNotContain("Countersign.", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1/completions")]
    [InlineData("/v1/outcomes")]
    [InlineData("/tokenize")]
    public async Task KeyThatIsNoUtf8_IsRefusedEverywhere(string path)
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.PostAsync(path, [.. "{\"model\":\"small\",\"prompt\":\"a\",\"x"u8, 0xFF, .. "\":1}"u8]);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("UTF-8", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Body_LargerThanTheLimit_Is413InEachApisShape()
    {
        await using var scene = await GatewayScene.StartAsync();
        string body = $$"""{"model":"small","x":"{{new string('a', 1 << 20)}}"}""";
        foreach (string path in (string[])["/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/embeddings", "/v1/completions", "/v1/outcomes"])
        {
            using var response = await scene.PostAsync(path, body);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.Contains("1048576 bytes", (await GatewayScene.JsonOfAsync(response)).GetProperty("error").GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task Upstream_ThatIsNotThere_Is503WithAReason()
    {
        await using var scene = await GatewayScene.StartAsync();
        await scene.Cheap.DisposeAsync();
        using var response = await scene.PostAsync("/v1/messages", """{"model":"small","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("overloaded_error", (await GatewayScene.JsonOfAsync(response)).GetProperty("error").GetProperty("type").GetString());
        Assert.Equal("failed", (await scene.TraceOfAsync(response)).GetProperty("ended").GetString());
    }
}
