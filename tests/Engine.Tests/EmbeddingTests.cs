using System.Text.Json;
using Countersign.Tests;

namespace Countersign.Engine.Tests;

/// <summary>Embeddings through the facade, with the weights that ship.</summary>
public sealed class EmbeddingTests
{
    [Fact]
    public async Task Embed_ReferenceTextsTogether_AsNearAsLlamaCppAndTheSameAsAlone()
    {
        using EngineModel model = EngineModel.Load(Path.Combine(SharedData.RepositoryRoot, "models", "all-MiniLM-L6-v2-Q8_0.gguf"), new() { Threads = 2 }, CancellationToken.None);
        JsonElement[] lines = [.. File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "models", "all-MiniLM-L6-v2.reference.jsonl")).Where(static line => line.Length > 0).Select(static line => JsonDocument.Parse(line).RootElement)];
        int[][] texts = [.. lines.Select(line => model.Tokenize(line.GetProperty("text").GetString()!, addSpecial: true, parseSpecial: false))];
        EmbeddingResult result = await model.EmbedAsync(texts, CancellationToken.None);
        Assert.Equal(texts.Sum(static text => text.Length), result.PromptTokens);
        for (int i = 0; i < lines.Length; i++)
        {
            double[] wanted = [.. lines[i].GetProperty("embedding_f64").EnumerateArray().Select(static value => value.GetDouble())];
            double cosine = wanted.Zip(result.Vectors[i], static (a, b) => a * b).Sum();
            Assert.True(cosine >= lines[i].GetProperty("cosine_llama_cpp_q8_0").GetDouble() - 0.0005, $"text {i}: cosine {cosine}");
        }

        foreach (int i in new[] { 0, 5, 17 }) Assert.Equal(result.Vectors[i], (await model.EmbedAsync([texts[i]], CancellationToken.None)).Vectors[0]);
    }

    [Fact]
    public async Task Embed_WrongTexts_AreRefusedWithTheirKind()
    {
        using EngineModel model = EngineModel.Load(Fixtures.Fixture.Path("arch", "bert-mean.f32.gguf"), new() { Threads = 1 }, CancellationToken.None);
        Assert.Equal(EngineErrorKind.InvalidRequest, await Kind([[]]));
        Assert.Equal(EngineErrorKind.InvalidRequest, await Kind([[99_999]]));
        Assert.Equal(EngineErrorKind.TooLong, await Kind([[.. Enumerable.Repeat(5, model.ContextLength + 1)]]));
        Assert.Equal(EngineErrorKind.InvalidRequest, (await Assert.ThrowsAsync<EngineException>(async () =>
        {
            await foreach (GenerationEvent _ in model.GenerateAsync(new() { Prompt = [1] }, default)) Assert.Fail("it generates");
        })).Kind);

        async Task<EngineErrorKind> Kind(int[][] texts) => (await Assert.ThrowsAsync<EngineException>(() => model.EmbedAsync(texts, CancellationToken.None))).Kind;
    }
}
