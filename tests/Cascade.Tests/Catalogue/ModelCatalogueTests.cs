using System.Text.Json;
using Countersign.Cascade.JsonSchemas;
using Countersign.Protocol.Catalogue;
using Countersign.Tests;

namespace Countersign.Cascade.Tests.Catalogue;

/// <summary>The catalogue that ships: whole, in its form, with every fact's source.</summary>
public sealed class ModelCatalogueTests
{
    private static readonly ModelCatalogue Catalogue = ModelCatalogue.Shipped;

    /// <summary>What must be listed: the families that the gateway promises to speak.</summary>
    [Theory]
    [InlineData("Qwen3 (hybrid)", "qwen3-0.6b", "qwen3-8b", "qwen3-32b")]
    [InlineData("Qwen3-2507", "qwen3-30b-a3b-instruct-2507", "qwen3-30b-a3b-thinking-2507", "qwen3-235b-a22b-instruct-2507", "qwen3-235b-a22b-thinking-2507")]
    [InlineData("Qwen3-Coder, large Qwen3, QwQ", "Qwen/Qwen3-Coder-480B-A35B-Instruct", "Qwen/Qwen3-235B-A22B", "Qwen/Qwen3-30B-A3B", "Qwen/QwQ-32B")]
    [InlineData("Qwen 3.5 and 3.6", "qwen3.5-27b", "qwen3.5-35b-a3b", "qwen3.5-122b-a10b", "qwen3.6-27b", "qwen3.6-35b-a3b")]
    [InlineData("GLM", "zai-org/GLM-4.5", "zai-org/GLM-4.6", "zai-org/GLM-4.7", "zai-org/GLM-5.2")]
    [InlineData("Kimi", "moonshotai/Kimi-K2-Instruct", "moonshotai/Kimi-K2-Thinking", "moonshotai/Kimi-K2.5")]
    [InlineData("DeepSeek", "deepseek-ai/DeepSeek-R1", "deepseek-ai/DeepSeek-V3", "deepseek-ai/DeepSeek-V3.1", "deepseek-ai/DeepSeek-V3.2", "deepseek-v4-flash", "deepseek-v4-pro")]
    [InlineData("MiniMax", "MiniMax-M1", "MiniMax-M2", "MiniMax-M3")]
    [InlineData("ERNIE, openPangu", "baidu/ERNIE-4.5-300B-A47B-PT", "baidu/ERNIE-4.5-21B-A3B-PT", "openpangu-embedded-7b", "openpangu-ultra-moe-718b")]
    [InlineData("OpenAI", "openai/gpt-oss-20b", "gpt-oss:120b", "gpt-5", "gpt-5-mini", "gpt-5.4-mini", "o1", "o3", "o3-mini")]
    [InlineData("Meta", "meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8", "muse-spark", "llama-4-behemoth")]
    [InlineData("Google", "google/gemma-3-27b-it", "google/gemma-3-270m-it", "google/gemma-4-31b-it", "gemini-2.5-pro", "gemini-2.5-flash", "gemini-3.1-pro", "gemini-3.5-flash")]
    [InlineData("NVIDIA, Microsoft, IBM", "nvidia/Nemotron-3-Super-120B-A12B", "microsoft/phi-4", "microsoft/Phi-4-reasoning", "granite-3.3-8b", "granite-4.0-h-small")]
    [InlineData("fully open", "swiss-ai/Apertus-70B-Instruct-2509", "swiss-ai/Apertus-8B-Instruct-2509", "allenai/OLMo-3-32B-Think", "allenai/OLMo-3-7B-Instruct")]
    [InlineData("xAI, Anthropic", "grok-4", "grok-4.3", "grok-4.5", "claude-sonnet-4", "claude-sonnet-5", "claude-opus-4", "claude-opus-5", "claude-fable-5")]
    public void Models_EveryPromisedOne_IsListed(string line, params string[] names) =>
        Assert.All(names, name => Assert.True(Catalogue.Find(name) is not null, $"{line}: {name}"));

    [Theory]
    [InlineData("claude-sonnet-4-20250514", "claude-sonnet-5")]
    [InlineData("claude-opus-4", "claude-opus-5")]
    [InlineData("moonshotai/Kimi-K2-Thinking", "kimi-k2.6")]
    [InlineData("grok-4-0709", "grok-4.3")]
    public void Retired_Asked_AnswersWithItsSuccessor(string name, string successor)
    {
        var retirement = Catalogue.Find(name)!.Retirement!.Value;

        Assert.Equal(successor, retirement.Successor);
        Assert.False(Catalogue.Find(name)!.IsRetiredOn(retirement.Date.AddDays(-1)));
        Assert.True(Catalogue.Find(name)!.IsRetiredOn(retirement.Date));
    }

    [Fact]
    public void Retirements_AllSuccessors_AreListedAndCurrent() =>
        Assert.All(Catalogue.Models.Where(model => model.Retirement is not null), model => Assert.Null(Catalogue.Find(model.Retirement!.Value.Successor)!.Retirement));

    [Fact]
    public void Unreleased_Behemoth_SaysSoAndHasNoPrice()
    {
        var behemoth = Catalogue.Find("llama-4-behemoth")!;

        Assert.Contains("no weights", behemoth.Unreleased!.Value, StringComparison.Ordinal);
        Assert.True(behemoth.Unreleased.Unverified);
        Assert.Empty(behemoth.Prices);
    }

    [Theory]
    [InlineData("SmolLM2-135M-Instruct.Q4_1", "smollm2-135m-instruct")]
    [InlineData("Qwen3-8B-Q4_K_M", "qwen3-8b")]
    [InlineData("Qwen/Qwen3-235B-A22B-FP8", "qwen3-235b-a22b")]
    public void Find_WithAPrecision_IsTheModel(string name, string id) => Assert.Equal(id, Catalogue.Find(name)!.Id);

    [Fact]
    public void Find_FineTunesAndStrangers_AreNotTakenForTheModel()
    {
        Assert.Null(Catalogue.Find("someone/qwen3-8b-abliterated"));
        Assert.Null(Catalogue.Find("gpt-5-ultra"));
        Assert.Null(Catalogue.Find(""));
    }

    [Fact]
    public void Names_NoTwoModels_ShareOne() =>
        Assert.Empty(Catalogue.Models.SelectMany(model => model.Names.Prepend(model.Id)).GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void File_AgainstItsSchema_Fits()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "src/Protocol/Catalogue/models.schema.json")));
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "src/Protocol/Catalogue/models.json")));

        Assert.Empty(JsonSchema.Compile(schema.RootElement, new JsonSchemaOptions { AssertFormats = true }).Validate(file.RootElement));
    }

    [Fact]
    public void Sources_OfEveryFactAndPrice_AreSpeltOut() => Assert.All(Catalogue.Models, model =>
    {
        (string Source, bool Unverified)?[] facts = [.. FactsOf(model)];
        Assert.All(facts, fact => Assert.True(fact is null || Catalogue.Sources.ContainsKey(fact.Value.Source), $"{model.Id}: {fact?.Source}"));
        Assert.All(facts, fact => Assert.True(fact is not { Source: "mem", Unverified: false }, $"{model.Id}: what rests on memory is unverified"));
        Assert.All(model.Prices, price => Assert.True(Catalogue.Sources.ContainsKey(price.Source), model.Id));
    });

    [Fact]
    public void Prices_OfOneModelAtOneHost_BeginOnDifferentDays() => Assert.All(Catalogue.Models, model =>
        Assert.All(model.Prices.GroupBy(price => (price.Host, price.Model)), prices => Assert.Distinct(prices.Select(price => price.ValidFrom))));

    private static IEnumerable<(string Source, bool Unverified)?> FactsOf(CatalogueModel model) =>
    [
        Of(model.Licence), Of(model.Openness), Of(model.Parameters), Of(model.Context), Of(model.Released), Of(model.Shape), Of(model.Tools), Of(model.Retirement), Of(model.Unreleased),
    ];

    private static (string Source, bool Unverified)? Of<T>(Fact<T>? fact) => fact is null ? null : (fact.Source, fact.Unverified);
}
