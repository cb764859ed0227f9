using System.Buffers;
using System.Text;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire;

public sealed class WireForwardTests
{
    [Theory]
    [InlineData("""{ "model" : "a" , "messages":[{}] }""", """{ "model" : "b" , "messages":[{}] }""")]
    [InlineData("""{"messages":[{"model":"a"}],"x":1e2,"model":"a","stream":false}""", """{"messages":[{"model":"a"}],"x":1e2,"model":"b","stream":false}""")]
    [InlineData("""{"model":"a","messages":[{}],"stream":true}""", """{"stream_options":{"include_usage":true},"model":"b","messages":[{}],"stream":true}""")]
    [InlineData("""{"model":"a","messages":[{}],"stream":true,"stream_options":null}""", """{"model":"b","messages":[{}],"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"a","messages":[{}],"stream":true,"stream_options":{ }}""", """{"model":"b","messages":[{}],"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":{"x":1},"model":"a","messages":[{}],"stream":true}""", """{"stream_options":{"include_usage":true,"x":1},"model":"b","messages":[{}],"stream":true}""")]
    [InlineData("""{"stream_options":{"x":1,"include_usage":false},"model":"a","messages":[{}],"stream":true}""", """{"stream_options":{"x":1,"include_usage":true},"model":"b","messages":[{}],"stream":true}""")]
    [InlineData("""{"stream_options":{"include_usage":true},"model":"a","messages":[{}],"stream":true}""", """{"stream_options":{"include_usage":true},"model":"b","messages":[{}],"stream":true}""")]
    public void Write_Chat_ChangesTheModelAndAsksForUsage(string body, string expected) =>
        Assert.Equal(expected, Forward(WireApiKind.OpenAiChat, body, null));

    [Theory]
    [InlineData("""{"model":"a","messages":[{}],"max_tokens":100}""", """{"model":"b","messages":[{}],"max_tokens":50}""")]
    [InlineData("""{"max_completion_tokens":100,"model":"a","messages":[{}]}""", """{"max_completion_tokens":50,"model":"b","messages":[{}]}""")]
    [InlineData("""{"max_completion_tokens":60,"max_tokens":60,"model":"a","messages":[{}]}""", """{"max_completion_tokens":50,"max_tokens":50,"model":"b","messages":[{}]}""")]
    [InlineData("""{"model":"a","messages":[{}],"max_tokens":null}""", """{"model":"b","messages":[{}],"max_tokens":50}""")]
    [InlineData("""{"model":"a","messages":[{}],"max_tokens":20}""", """{"model":"b","messages":[{}],"max_tokens":20}""")]
    [InlineData("""{"model":"a","messages":[{}]}""", """{"max_tokens":50,"model":"b","messages":[{}]}""")]
    public void Write_Limit_LowersOrAddsButNeverRaises(string body, string expected) =>
        Assert.Equal(expected, Forward(WireApiKind.OpenAiChat, body, 50));

    [Theory]
    [InlineData(WireApiKind.OpenAiChat, "openai", """{"max_completion_tokens":50,"model":"b","messages":[{}]}""")]
    [InlineData(WireApiKind.OpenAiChat, "vllm", """{"max_tokens":50,"model":"b","messages":[{}]}""")]
    [InlineData(WireApiKind.AnthropicMessages, "anthropic", """{"max_tokens":50,"model":"b","messages":[{}]}""")]
    public void Write_AddedLimit_HasTheNameThatTheServerKnows(WireApiKind api, string server, string expected) =>
        Assert.Equal(expected, Forward(api, """{"model":"a","messages":[{}]}""", 50, server));

    [Fact]
    public void Write_StreamOfAnotherApi_AsksForNothing() => Assert.Equal(
        """{"model":"b","input":"hi","stream":true}""", Forward(WireApiKind.OpenAiResponses, """{"model":"a","input":"hi","stream":true}""", null));

    [Fact]
    public void Write_NewModel_IsEscaped()
    {
        var request = WireRequestScanner.Scan(WireApiKind.OpenAiChat, """{"model":"a","messages":[{}]}"""u8.ToArray());
        var output = new ArrayBufferWriter<byte>();

        WireForward.Write(request, new WireTarget("""org/"b"\é""", false), null, output);

        Assert.Equal("""{"model":"org/\"b\"\\é","messages":[{}]}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static string Forward(WireApiKind api, string body, int? limit, string? server = null)
    {
        var request = WireRequestScanner.Scan(api, Encoding.UTF8.GetBytes(body));
        var output = new ArrayBufferWriter<byte>();
        WireForward.Write(request, new WireTarget("b", request.Stream, server), limit, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
