using System.Net;
using System.Text.Json;
using Countersign.Engine;

namespace Countersign.Gateway.Tests.Host;

/// <summary><c>/v1/completions</c> and the tokenizer's endpoints on the weights that ship, over HTTP; what they say is compared with the engine's own logits.</summary>
public sealed class EngineCompletionTests(EngineScene scene) : IClassFixture<EngineScene>
{
    private static readonly int[] Tokens = [504, 3575, 282, 4649, 314, 7042, 30];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Loglikelihood_AsEvaluationHarnessesAsk_GivesTheModelsLogProbabilities(int maxTokens)
    {
        var choice = await ChoiceAsync($$"""{"prompt":[{{string.Join(',', Tokens)}}],"echo":true,"logprobs":1,"max_tokens":{{maxTokens}},"temperature":0,"seed":1234}""");
        var logprobs = choice.GetProperty("logprobs");
        JsonElement[] numbers = [.. logprobs.GetProperty("token_logprobs").EnumerateArray()], tops = [.. logprobs.GetProperty("top_logprobs").EnumerateArray()];
        Assert.Equal(Tokens.Length + maxTokens, numbers.Length);
        Assert.Equal(JsonValueKind.Null, numbers[0].ValueKind);
        using var engine = EngineModel.Load(Path.Combine(EngineScene.Models, $"{EngineScene.Chat}.gguf"), new() { Threads = 2, ContextLength = 512 }, CancellationToken.None);
        int compared = 0;
        for (int i = 1; i < Tokens.Length; i++)
        {
            // The engine's own word for it: the distribution after the tokens before, asked for as the next token's alternatives.
            var next = await NextAsync(engine, Tokens[..i]);
            bool isAmongThem = next.Any(other => other.Id == Tokens[i]);
            if (isAmongThem) Assert.Equal(next.First(other => other.Id == Tokens[i]).Logprob, numbers[i].GetSingle(), 1e-3f);
            else Assert.True(numbers[i].GetSingle() <= next[^1].Logprob + 1e-3f);
            compared += isAmongThem ? 1 : 0;
            Assert.Equal(next.Max(other => other.Logprob), tops[i].EnumerateObject().Max(other => other.Value.GetSingle()), 1e-3f);
            bool isGreedy = numbers[i].GetSingle() == tops[i].EnumerateObject().Max(other => other.Value.GetSingle());
            Assert.Equal(next[0].Id == Tokens[i], isGreedy);
        }

        Assert.InRange(compared, 4, Tokens.Length - 1);
    }

    [Fact]
    public async Task Echo_OfTokensAndOfTheirText_IsTheSameAndOffsetsFitTheText()
    {
        var ofTokens = await ChoiceAsync($$"""{"prompt":[{{string.Join(',', Tokens)}}],"echo":true,"logprobs":0,"max_tokens":4,"temperature":0}""");
        string text = ofTokens.GetProperty("text").GetString()!;
        var (_, content) = await scene.PostAsync("/detokenize", $$"""{"model":"{{EngineScene.Chat}}","tokens":[{{string.Join(',', Tokens)}}]}""");
        string prompt = JsonDocument.Parse(content).RootElement.GetProperty("content").GetString()!;
        Assert.StartsWith(prompt, text);
        var ofText = await ChoiceAsync($$"""{"prompt":{{Quoted(prompt)}},"echo":true,"logprobs":0,"max_tokens":4,"temperature":0}""");
        Assert.Equal(ofTokens.GetProperty("logprobs").GetRawText(), ofText.GetProperty("logprobs").GetRawText());
        JsonElement[] pieces = [.. ofTokens.GetProperty("logprobs").GetProperty("tokens").EnumerateArray()], offsets = [.. ofTokens.GetProperty("logprobs").GetProperty("text_offset").EnumerateArray()];
        for (int i = 0; i < pieces.Length; i++) Assert.Equal(pieces[i].GetString(), text.Substring(offsets[i].GetInt32(), pieces[i].GetString()!.Length));
    }

    [Fact]
    public async Task SeveralPromptsAndChoices_AreInOrder_CountedAndBilled()
    {
        var (response, text) = await PostAsync("""{"prompt":["The capital of France is","Once upon a time"],"n":2,"max_tokens":3,"seed":5}""");
        Assert.True(response.IsSuccessStatusCode, text);
        var answer = JsonDocument.Parse(text).RootElement;
        Assert.Equal([0, 1, 2, 3], answer.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal("text_completion", answer.GetProperty("object").GetString());
        Assert.Equal(12, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        var usage = (await scene.TraceOfAsync(response)).GetProperty("attempts")[0].GetProperty("usage");
        Assert.Equal(12, usage.GetProperty("output_tokens").GetInt32());
        Assert.Equal(answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("input_tokens").GetInt32());
    }

    [Fact]
    public async Task Streamed_SaysTheSameAsWhole()
    {
        const string Body = """{"prompt":"The capital of France is","max_tokens":8,"temperature":0,"logprobs":2,"echo":true""";
        var whole = await ChoiceAsync(Body + "}");
        var (response, stream) = await PostAsync(Body + ""","stream":true,"stream_options":{"include_usage":true}}""");
        Assert.True(response.IsSuccessStatusCode, stream);
        Assert.EndsWith("data: [DONE]\n\n", stream);
        JsonElement[] chunks = [.. stream.Split("\n\n").Where(frame => frame.StartsWith("data: {", StringComparison.Ordinal)).Select(frame => JsonDocument.Parse(frame["data: ".Length..]).RootElement)];
        var pieces = chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray()).ToList();
        Assert.Equal(whole.GetProperty("text").GetString(), string.Concat(pieces.Select(piece => piece.GetProperty("text").GetString())));
        string[] Of(IEnumerable<JsonElement> choices, string name) => [.. choices.SelectMany(choice => choice.GetProperty("logprobs").GetProperty(name).EnumerateArray()).Select(value => value.GetRawText())];
        foreach (string name in (string[])["tokens", "token_logprobs", "text_offset"]) Assert.Equal(Of([whole], name), Of(pieces, name));
        Assert.Equal("length", pieces[^1].GetProperty("finish_reason").GetString());
        Assert.Equal(8, chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task StopString_EndsTheText() => Assert.DoesNotContain(",", (await ChoiceAsync("""{"prompt":"One, two, three,","max_tokens":20,"temperature":0,"stop":[","]}""")).GetProperty("text").GetString());

    [Theory]
    [InlineData("prompt", """{"prompt":[]}""")]
    [InlineData("prompt[0]", """{"prompt":[-1]}""")]
    [InlineData("prompt", """{}""")]
    [InlineData("suffix", """{"prompt":"a","suffix":"b"}""")]
    [InlineData("best_of", """{"prompt":"a","best_of":3}""")]
    [InlineData("max_tokens", """{"prompt":"a","max_tokens":-1}""")]
    [InlineData(null, """{"prompt":[9999999]}""")]
    [InlineData(null, """{"prompt":"a","min_p":3}""")]
    public async Task WrongRequest_IsRefused(string? param, string fields)
    {
        var (response, text) = await PostAsync(fields);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, text);
        if (param is not null) Assert.Equal(param, JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task Tokenize_WithPieces_AndBack()
    {
        var (response, text) = await scene.PostAsync("/tokenize", $$"""{"model":"{{EngineScene.Chat}}","content":"a<|im_end|> é","with_pieces":true}""");
        Assert.True(response.IsSuccessStatusCode, text);
        JsonElement[] tokens = [.. JsonDocument.Parse(text).RootElement.GetProperty("tokens").EnumerateArray()];
        Assert.Contains(tokens, token => token.GetProperty("piece") is { ValueKind: JsonValueKind.String } piece && piece.GetString() == "<|im_end|>");
        var (_, plain) = await scene.PostAsync("/tokenize", $$"""{"model":"{{EngineScene.Chat}}","content":"a<|im_end|> é","parse_special":false}""");
        Assert.True(JsonDocument.Parse(plain).RootElement.GetProperty("tokens").GetArrayLength() > tokens.Length);
        var (_, back) = await scene.PostAsync("/detokenize", $$"""{"model":"{{EngineScene.Chat}}","tokens":[{{string.Join(',', tokens.Select(token => token.GetProperty("id").GetInt32()))}}]}""");
        Assert.Equal("a<|im_end|> é", JsonDocument.Parse(back).RootElement.GetProperty("content").GetString());
    }

    [Fact]
    public async Task ApplyTemplate_IsThePromptThatAChatIsAskedWith()
    {
        var (response, text) = await scene.PostAsync("/apply-template", $$"""{"model":"{{EngineScene.Chat}}","messages":[{"role":"system","content":"S"},{"role":"user","content":"U"}]}""");
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal("<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n", JsonDocument.Parse(text).RootElement.GetProperty("prompt").GetString());
    }

    [Theory]
    [InlineData("/tokenize", """{"model":"nobody","content":"a"}""", HttpStatusCode.NotFound)]
    [InlineData("/tokenize", """{"content":"a"}""", HttpStatusCode.BadRequest)]
    [InlineData("/tokenize", """{"model":"SmolLM2-135M-Instruct.Q4_1","content":7}""", HttpStatusCode.BadRequest)]
    [InlineData("/detokenize", """{"model":"SmolLM2-135M-Instruct.Q4_1","tokens":[99999999]}""", HttpStatusCode.BadRequest)]
    [InlineData("/detokenize", """{"model":"SmolLM2-135M-Instruct.Q4_1"}""", HttpStatusCode.BadRequest)]
    public async Task Tokenizer_WrongRequest_IsRefused(string path, string body, HttpStatusCode status) => Assert.Equal(status, (await scene.PostAsync(path, body)).Response.StatusCode);

    private async Task<JsonElement> ChoiceAsync(string fields)
    {
        var (response, text) = await PostAsync(fields);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("choices")[0];
    }

    private Task<(HttpResponseMessage Response, string Text)> PostAsync(string fields) =>
        scene.PostAsync("/v1/completions", fields == "{}" ? $$"""{"model":"{{EngineScene.Chat}}"}""" : $$"""{"model":"{{EngineScene.Chat}}",""" + fields[1..]);

    private static async Task<IReadOnlyList<Countersign.Engine.Sampling.TokenLogprob>> NextAsync(EngineModel engine, int[] prompt)
    {
        var alternatives = new GenerationRequest { Prompt = prompt, MaxTokens = 1, TopLogprobs = 128, IgnoreEndOfGeneration = true, Sampling = new() { Temperature = 0 } };
        await foreach (var happened in engine.GenerateAsync(alternatives, CancellationToken.None))
        {
            if (happened is TextGenerated { Logprob: { } score }) return score.Top;
        }

        throw new InvalidOperationException("No token came.");
    }

    private static string Quoted(string text) => System.Text.Json.Nodes.JsonValue.Create(text).ToJsonString();
}
