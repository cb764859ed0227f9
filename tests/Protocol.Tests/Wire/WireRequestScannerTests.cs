using System.Text;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire;

public sealed class WireRequestScannerTests
{
    private const string Messages = """ "messages":[{"role":"user","content":"hi"}] """;

    [Fact]
    public void Scan_ChatRequest_FindsWhatAGatewayMustKnow()
    {
        var request = Scan(WireApiKind.OpenAiChat, $$$"""
            {"temperature":0.1, "model":"drafter","stream":true,"n":3,{{{Messages}}},"max_completion_tokens":77,
             "stream_options":{"x":[1],"include_usage":true},"prompt_cache_key":"s\u00e9","other":{"model":"no"}}
            """);

        Assert.Equal("drafter", request.Model);
        Assert.True(request.Stream);
        Assert.True(request.IncludeUsage);
        Assert.Equal(3, request.ChoiceCount);
        Assert.Equal(77, request.MaxOutputTokens);
        Assert.Equal("sé", request.PromptCacheKey);
    }

    [Fact]
    public void Scan_LeastRequest_HasTheDefaults()
    {
        var request = Scan(WireApiKind.OpenAiChat, $$"""{"model":"m",{{Messages}},"stream":null,"n":null,"max_tokens":null,"stream_options":null,"prompt_cache_key":null}""");

        Assert.False(request.Stream);
        Assert.False(request.IncludeUsage);
        Assert.Equal(1, request.ChoiceCount);
        Assert.Null(request.MaxOutputTokens);
        Assert.Null(request.PromptCacheKey);
    }

    [Theory]
    [InlineData(WireApiKind.OpenAiResponses, """{"model":"m","input":"hi","max_output_tokens":5}""", 5)]
    [InlineData(WireApiKind.OpenAiResponses, """{"model":"m","input":[{"role":"user"}],"max_tokens":"not ours"}""", null)]
    [InlineData(WireApiKind.AnthropicMessages, """{"model":"m","messages":[{}],"max_tokens":5,"n":"not ours"}""", 5)]
    [InlineData(WireApiKind.AnthropicMessages, """{"model":"m","messages":[{}],"max_tokens":5,"temperature":1,"top_p":null,"seed":"not ours","presence_penalty":[]}""", 5)]
    [InlineData(WireApiKind.OpenAiChat, """{"model":"m","messages":[{}],"max_tokens":5,"temperature":2,"top_p":0,"seed":-7,"presence_penalty":-2,"frequency_penalty":2.0,"stream_options":{"include_usage":true}}""", 5)]
    public void Scan_OtherApis_LooksAtTheirFields(WireApiKind api, string body, int? limit)
    {
        var request = Scan(api, body);

        Assert.Equal(limit, request.MaxOutputTokens);
        Assert.True(request.IncludeUsage);
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"messages":[{}]}""", "model")]
    [InlineData("""{"model":"","messages":[{}]}""", "model")]
    [InlineData("""{"model":null,"messages":[{}]}""", "model")]
    [InlineData("""{"model":7,"messages":[{}]}""", "model")]
    [InlineData("""{"model":"m","messages":[ ]}""", "messages")]
    [InlineData("""{"model":"m","messages":"hi"}""", "messages")]
    [InlineData("""{"model":"m","messages":null}""", "messages")]
    [InlineData("""{"model":"m","messages":[{}],"model":"n"}""", "model")]
    [InlineData("""{"model":"m","messages":[{}],"stream":"true"}""", "stream")]
    [InlineData("""{"model":"m","messages":[{}],"stream":1}""", "stream")]
    [InlineData("""{"model":"m","messages":[{}],"max_tokens":0}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[{}],"max_tokens":-1}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[{}],"max_tokens":1.5}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[{}],"max_tokens":1e999}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[{}],"max_tokens":99999999999}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[{}],"max_completion_tokens":"9"}""", "max_completion_tokens")]
    [InlineData("""{"model":"m","messages":[{}],"max_tokens":8,"max_completion_tokens":9}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[{}],"n":0}""", "n")]
    [InlineData("""{"model":"m","messages":[{}],"n":129}""", "n")]
    [InlineData("""{"model":"m","messages":[{}],"temperature":1e400}""", "temperature")]
    [InlineData("""{"model":"m","messages":[{}],"temperature":-0.1}""", "temperature")]
    [InlineData("""{"model":"m","messages":[{}],"temperature":[0]}""", "temperature")]
    [InlineData("""{"model":"m","messages":[{}],"top_p":"1"}""", "top_p")]
    [InlineData("""{"model":"m","messages":[{}],"presence_penalty":-2.5}""", "presence_penalty")]
    [InlineData("""{"model":"m","messages":[{}],"frequency_penalty":9}""", "frequency_penalty")]
    [InlineData("""{"model":"m","messages":[{}],"seed":0.5}""", "seed")]
    [InlineData("""{"model":"m","messages":[{}],"seed":1e30}""", "seed")]
    [InlineData("""{"model":"m","messages":[{}],"stream_options":true}""", "stream_options")]
    [InlineData("""{"model":"m","messages":[{}],"stream_options":{"include_usage":1}}""", "stream_options.include_usage")]
    [InlineData("""{"model":"m","messages":[{}],"stream_options":{"include_usage":true,"include_\u0075sage":true}}""", "stream_options.include_usage")]
    [InlineData("""{"model":"m","messages":[{}],"prompt_cache_key":[]}""", "prompt_cache_key")]
    [InlineData("""{"model":"m","messages":[{"content":"\ud83d"}]}""", "messages")]
    [InlineData("""{"model":"m","messages":[{"\udc00":1}]}""", "messages")]
    public void Scan_WrongField_NamesTheParameter(string body, string param)
    {
        var e = Assert.Throws<ProblemException>(() => Scan(WireApiKind.OpenAiChat, body));

        Assert.Equal(ProblemKind.InvalidRequest, e.Problem.Kind);
        Assert.Equal(param, e.Problem.Param);
        Assert.Contains(param.Split('.')[0], e.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"model":"m","messages":[{}]} x""")]
    [InlineData("""{"model":"m","messages":[{}],}""")]
    [InlineData("""{"mod\u0065l":"m","messages":[{}]}""")]
    [InlineData("""{"model":"m","messages":[{}],"x":"\q"}""")]
    public void Scan_NoJsonObject_IsRefused(string body)
    {
        var e = Assert.Throws<ProblemException>(() => Scan(WireApiKind.OpenAiChat, body));

        Assert.Equal(ProblemKind.InvalidRequest, e.Problem.Kind);
    }

    [Fact]
    public void Scan_InvalidUtf8_IsRefused()
    {
        byte[] body = [.. """{"model":"m","messages":["""u8, (byte)'"', 0xC3, 0x28, (byte)'"', .. "]}"u8];

        var e = Assert.Throws<ProblemException>(() => WireRequestScanner.Scan(WireApiKind.OpenAiChat, body));

        Assert.Contains("UTF-8", e.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_DeepNesting_IsRefusedBeyondTheLimit()
    {
        static string Nested(int depth) => $$"""{"model":"m","messages":[{}],"x":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";

        Scan(WireApiKind.OpenAiChat, Nested(64));
        var e = Assert.Throws<ProblemException>(() => Scan(WireApiKind.OpenAiChat, Nested(65)));
        Assert.Contains("64 levels", e.Problem.Message, StringComparison.Ordinal);
        Assert.Throws<ProblemException>(() => Scan(WireApiKind.OpenAiChat, Nested(100_000)));
    }

    [Fact]
    public void Scan_ManyFields_IsRefusedBeyondTheLimit()
    {
        static string With(int fields) => $$"""{"model":"m","messages":[{}]{{string.Concat(Enumerable.Range(0, fields - 2).Select(i => $",\"f{i}\":0"))}}}""";

        Scan(WireApiKind.OpenAiChat, With(256));
        Assert.Throws<ProblemException>(() => Scan(WireApiKind.OpenAiChat, With(257)));
    }

    private static WireRequest Scan(WireApiKind api, string body) => WireRequestScanner.Scan(api, Encoding.UTF8.GetBytes(body));
}
