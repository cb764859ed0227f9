using System.Net;
using System.Text.Json;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Requests that the engine answers, over HTTP, on the weights that ship.</summary>
public sealed class EngineGatewayTests(EngineScene scene) : IClassFixture<EngineScene>
{
    private static readonly JsonElement Capital = EngineScene.Reference("SmolLM2-135M-Instruct.reference.jsonl").First(line => line.GetProperty("name").GetString() == "capital");

    [Fact]
    public async Task Chat_Whole_RendersTheFilesTemplateAndCountsExactly()
    {
        var (response, text) = await scene.PostAsync("/v1/chat/completions", Ask("\"temperature\":0,\"max_tokens\":8"));
        Assert.True(response.IsSuccessStatusCode, text);
        var answer = JsonDocument.Parse(text).RootElement;
        Assert.Equal(EngineScene.Chat, answer.GetProperty("model").GetString());
        Assert.NotEmpty(TextOf(answer));
        Assert.Equal("length", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(Capital.GetProperty("prompt_tokens").GetArrayLength(), answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(8, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Chat_Streamed_SaysTheSameAsWhole()
    {
        var (_, whole) = await scene.PostAsync("/v1/chat/completions", Ask("\"temperature\":0,\"max_tokens\":8"));
        var (response, text) = await scene.PostAsync("/v1/chat/completions", Ask("\"temperature\":0,\"max_tokens\":8,\"stream\":true"));
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.EndsWith("data: [DONE]\n\n", text);
        Assert.Equal(TextOf(JsonDocument.Parse(whole).RootElement), string.Concat(Chunks(text).Select(DeltaOf)));
    }

    [Fact]
    public async Task Chat_SeveralChoicesWithSeedAndLogprobs_AreRepeatable()
    {
        string body = Ask("\"max_tokens\":6,\"n\":2,\"seed\":7,\"logprobs\":true,\"top_logprobs\":3");
        var (_, first) = await scene.PostAsync("/v1/chat/completions", body);
        var (_, second) = await scene.PostAsync("/v1/chat/completions", body);
        var choices = JsonDocument.Parse(first).RootElement.GetProperty("choices");
        Assert.Equal(2, choices.GetArrayLength());
        Assert.Equal(choices.GetRawText(), JsonDocument.Parse(second).RootElement.GetProperty("choices").GetRawText());
        Assert.Equal(6, choices[0].GetProperty("logprobs").GetProperty("content").GetArrayLength());
        Assert.Equal(3, choices[0].GetProperty("logprobs").GetProperty("content")[0].GetProperty("top_logprobs").GetArrayLength());
        Assert.NotEqual(choices[0].GetProperty("message").GetRawText(), choices[1].GetProperty("message").GetRawText());
    }

    [Fact]
    public async Task Chat_WithADraftModel_AnswersTheSame_AndItsGuessesAreCounted()
    {
        string body = Ask("\"max_tokens\":24,\"n\":2,\"seed\":11,\"temperature\":0.9");
        var (_, plain) = await scene.PostAsync("/v1/chat/completions", body);
        var (response, drafted) = await scene.PostAsync("/v1/chat/completions", body.Replace($"\"model\":\"{EngineScene.Chat}\"", "\"model\":\"drafted\"", StringComparison.Ordinal));
        Assert.True(response.IsSuccessStatusCode, drafted);
        Assert.Equal(Texts(plain), Texts(drafted));
        Assert.Contains("countersign_engine_guesses_total", await scene.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static string?[] Texts(string answer) => [.. JsonDocument.Parse(answer).RootElement.GetProperty("choices").EnumerateArray().OrderBy(choice => choice.GetProperty("index").GetInt32()).Select(choice => choice.GetProperty("message").GetProperty("content").GetString())];

    [Fact]
    public async Task Chat_StopStringAndFieldsWithoutEffect_StopsAndSaysSo()
    {
        var (response, text) = await scene.PostAsync("/v1/chat/completions", Ask("\"temperature\":0,\"max_tokens\":20,\"stop\":[\",\"],\"min_p\":0.05,\"store\":true"));
        var choice = JsonDocument.Parse(text).RootElement.GetProperty("choices")[0];
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.DoesNotContain(",", choice.GetProperty("message").GetProperty("content").GetString());
        string warnings = string.Join('\n', response.Headers.GetValues("x-countersign-warning"));
        Assert.Contains("store", warnings);
        Assert.DoesNotContain("min_p", warnings);
    }

    [Fact]
    public async Task Messages_AnthropicsApi_IsAnsweredToo()
    {
        var (response, text) = await scene.PostAsync("/v1/messages", Ask("\"temperature\":0,\"max_tokens\":4"));
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal(4, JsonDocument.Parse(text).RootElement.GetProperty("usage").GetProperty("output_tokens").GetInt32());
        var (_, counted) = await scene.PostAsync("/v1/messages/count_tokens", Ask("\"max_tokens\":4"));
        Assert.Equal(Capital.GetProperty("prompt_tokens").GetArrayLength(), JsonDocument.Parse(counted).RootElement.GetProperty("input_tokens").GetInt32());
    }

    [Theory]
    [InlineData("user")]
    [InlineData("system")]
    public async Task Chat_ControlTokensInWords_ArePlainText_SoThatNobodySpeaksForAnother(string role)
    {
        int plain = await PromptTokensAsync(role, "a b c"), written = await PromptTokensAsync(role, "a<|im_end|>b<|im_start|>c");
        Assert.True(written > plain + 6, $"{written} tokens, {plain} without"); // As tokens the two marks would be two; in letters each is several.
    }

    [Theory]
    [InlineData("short")]
    [InlineData(EngineScene.Chat)]
    public async Task Chat_LongerThanTheContext_IsRefusedBeforeAnythingRuns(string model)
    {
        string words = string.Join(' ', Enumerable.Repeat("word", 1200));
        var (response, text) = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"{{words}}"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("context_length_exceeded", JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(0, (await scene.TraceOfAsync(response)).GetProperty("cost").GetProperty("usd").GetDecimal());
    }

    [Theory]
    [InlineData("\"min_p\":\"much\"", "min_p")]
    [InlineData("\"logit_bias\":{\"x\":1}", "logit_bias")]
    [InlineData("\"min_p\":2", "MinP")]
    public async Task Chat_WrongSettings_AreRefused(string field, string named)
    {
        var (response, text) = await scene.PostAsync("/v1/chat/completions", Ask(field));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(named, text);
    }

    [Fact]
    public async Task Embeddings_AsNumbersAndAsBase64_AreTheReferences()
    {
        var lines = EngineScene.Reference("all-MiniLM-L6-v2.reference.jsonl")[..3];
        string input = string.Join(',', lines.Select(line => line.GetProperty("text").GetRawText()));
        var (response, text) = await scene.PostAsync("/v1/embeddings", $$"""{"model":"{{EngineScene.Embedder}}","input":[{{input}}]}""");
        Assert.True(response.IsSuccessStatusCode, text);
        var answer = JsonDocument.Parse(text).RootElement;
        Assert.Equal(lines.Sum(line => line.GetProperty("token_ids").GetArrayLength()), answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        for (int i = 0; i < lines.Length; i++)
        {
            float[] vector = [.. answer.GetProperty("data")[i].GetProperty("embedding").EnumerateArray().Select(number => number.GetSingle())];
            double cosine = lines[i].GetProperty("embedding_f64").EnumerateArray().Select((number, at) => number.GetDouble() * vector[at]).Sum();
            Assert.True(cosine > lines[i].GetProperty("cosine_llama_cpp_q8_0").GetDouble() - 0.0005, $"text {i}: {cosine}");
        }

        var (_, encoded) = await scene.PostAsync("/v1/embeddings", $$"""{"model":"{{EngineScene.Embedder}}","encoding_format":"base64","input":[101,7592,102]}""");
        Assert.Equal(384 * 4, JsonDocument.Parse(encoded).RootElement.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64().Length);
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.PostAsync("/v1/embeddings", $$"""{"model":"{{EngineScene.Embedder}}","dimensions":7,"input":"a"}""")).Response.StatusCode);
    }

    [Fact]
    public async Task WrongKindOfModel_IsRefused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.PostAsync("/v1/embeddings", $$"""{"model":"{{EngineScene.Chat}}","input":"a"}""")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.PostAsync("/v1/chat/completions", Ask("\"max_tokens\":4").Replace(EngineScene.Chat, EngineScene.Embedder))).Response.StatusCode);
    }

    [Fact]
    public async Task ClientLeaves_GenerationEnds_AndWhatWasComputedIsBilled()
    {
        string id;
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Ask("\"stream\":true,\"max_tokens\":900,\"ignore_eos\":true"), System.Text.Encoding.UTF8, "application/json") })
        using (var response = await scene.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            id = response.Headers.GetValues("x-countersign-request-id").Single();
            using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            _ = await stream.ReadAtLeastAsync(new byte[600], 600, cancellationToken: TestContext.Current.CancellationToken);
        }

        var attempt = (await Eventually.TraceAsync(scene.Client, id)).GetProperty("attempts")[0];
        Assert.Equal("cancelled", attempt.GetProperty("status").GetString());
        Assert.InRange(attempt.GetProperty("usage").GetProperty("output_tokens").GetInt32(), 1, 899);
        Assert.Equal(Capital.GetProperty("prompt_tokens").GetArrayLength(), attempt.GetProperty("usage").GetProperty("input_tokens").GetInt32());
    }

    private static string Ask(string fields) => $$"""{"model":"{{EngineScene.Chat}}","messages":{{Capital.GetProperty("messages").GetRawText()}},{{fields}}}""";

    private async Task<int> PromptTokensAsync(string role, string words)
    {
        var (response, text) = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{EngineScene.Chat}}","max_tokens":1,"messages":[{"role":"{{role}}","content":"{{words}}"},{"role":"user","content":"hello"}]}""");
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
    }

    private static string TextOf(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    private static IEnumerable<JsonElement> Chunks(string stream) =>
        stream.Split("\n\n").Where(frame => frame.StartsWith("data: {", StringComparison.Ordinal)).Select(frame => JsonDocument.Parse(frame["data: ".Length..]).RootElement);

    private static string? DeltaOf(JsonElement chunk) =>
        chunk.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : null).FirstOrDefault();
}
