using System.Text.Json;
using Countersign.Cli.Catalogue;
using Countersign.Engine;
using Countersign.Protocol.Catalogue;
using Countersign.Tests;

namespace Countersign.Cli.Tests.Commands;

/// <summary>The commands that ask the catalogue.</summary>
public sealed class CatalogueCommandTests
{
    [Fact]
    public async Task List_Plain_HasEveryModelWithItsFacts()
    {
        var ran = await Run.Async("models", "list");
        string[] lines = ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Equal(ModelCatalogue.Shipped.Models.Count + 1, lines.Length);
        Assert.Contains(lines, line => line.StartsWith("deepseek-r1 ", StringComparison.Ordinal) && line.Contains(" MIT ", StringComparison.Ordinal) && line.Contains("671B", StringComparison.Ordinal) && line.Contains("37B", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("claude-opus-4 ", StringComparison.Ordinal) && line.EndsWith("retired 2026-05-14; take claude-opus-5", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("llama-4-behemoth ", StringComparison.Ordinal) && line.EndsWith("not released", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_Filtered_HasOnlyWhatIsSo()
    {
        var permissive = await Json("--licence", "permissive", "--open", "fully");
        var google = await Json("--vendor", "goo", "--open", "weights");

        Assert.Equal(["apertus-70b", "apertus-8b", "olmo-3-32b-think", "olmo-3-7b-instruct", "smollm2-135m-instruct"], permissive);
        Assert.Equal(["gemma-3-27b", "gemma-3-270m", "gemma-4-31b"], google);
    }

    [Fact]
    public void List_Fits_LeavesOutWhatIsTooLargeClosedOrNotKnown()
    {
        var ids = new CatalogueQuery(null, null, Fits: true, null).Of(ModelCatalogue.Shipped, 24L << 30).Select(model => model.Id).ToList();

        Assert.Contains("qwen3-30b-a3b", ids);
        Assert.DoesNotContain("deepseek-v3", ids);
        Assert.DoesNotContain("gpt-5", ids);
        Assert.DoesNotContain("olmo-3-7b-instruct", ids);
    }

    [Fact]
    public async Task List_Csv_HasALinePerModelAndQuotesCommas()
    {
        var ran = await Run.Async("models", "list", "--format", "csv", "--vendor", "OpenAI");

        string[] lines = ran.Output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("model,vendor,country,", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("o1,OpenAI,US,LicenseRef-Proprietary,no,?,?,\"200,000?\",", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Show_Model_TellsFactsPricesAndSources()
    {
        var ran = await Run.Async("models", "show", "claude-sonnet-5");

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Matches("anthropic +claude-sonnet-5 +2026-09-01 +3 +0.3 +3.75 +15 +2026-08-21 +gp", ran.Output);
        Assert.Contains("pydantic/genai-prices", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Disputed", (await Run.Async("models", "show", "gpt-5.6-terra")).Output, StringComparison.Ordinal);
        Assert.Contains("[mem] unverified", (await Run.Async("models", "show", "glm-4.5")).Output, StringComparison.Ordinal);
        Assert.Contains("no weights and no host", (await Run.Async("models", "show", "llama-4-behemoth")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_SmallModel_FitsAndSaysHowFast()
    {
        var ran = await Run.Async("models", "fit", "smollm2-135m-instruct", "--ctx", "2048", "--quant", "q4_1");

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Matches("fits +yes, with", ran.Output);
        Assert.Matches("speed +at most [0-9.]+ tokens a second, [0-9.]+ at the end", ran.Output);
    }

    [Fact]
    public async Task Fit_TooLarge_ClosedUnknownOrWrong_SaysWhy()
    {
        var large = await Run.Async("models", "fit", "kimi-k2-instruct", "--quant", "F16");
        Assert.Equal(1, large.Code);
        Assert.Matches("fits +no: .* too much", large.Output);
        Assert.Contains("Did you mean \"qwen3-8b\"?", (await Run.Async("models", "fit", "qwen3-8")).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be had", (await Run.Async("models", "fit", "gpt-5")).Error, StringComparison.Ordinal);
        Assert.Contains("There is no form 'Q9'", (await Run.Async("models", "fit", "qwen3-8b", "--quant", "Q9")).Error, StringComparison.Ordinal);
        Assert.Contains("takes 1 to 40,960", (await Run.Async("models", "fit", "qwen3-8b", "--ctx", "50000")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Estimate_BesideWhatTheEngineWorksOut_AgreesOnTheCache()
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "models", "SmolLM2-135M-Instruct.Q4_1.gguf");
        var need = MemoryNeed.Of(path, new EngineModelOptions { ContextLength = 1024, CacheBytes = 64 << 20 });
        var model = ModelCatalogue.Shipped.Find("smollm2-135m-instruct")!;

        // What the cache of 64 MiB holds, by the catalogue's bytes per token, is what the engine fills it with: within a page.
        Assert.InRange(need.Cache, (64 << 20) - 64 * model.Shape!.Value.BytesPerToken, 64 << 20);
        Assert.InRange(need.Weights, 0.7 * MemoryEstimate.Of(model, Quantisation.Find("Q4_1")!, 1024)!.Weights, 1.4 * MemoryEstimate.Of(model, Quantisation.Find("Q4_1")!, 1024)!.Weights);
    }

    private static async Task<IReadOnlyList<string>> Json(params string[] options)
    {
        var ran = await Run.Async(["models", "list", "--format", "json", .. options]);
        using var document = JsonDocument.Parse(ran.Output);
        return [.. document.RootElement.EnumerateArray().Select(model => model.GetProperty("id").GetString()!)];
    }
}
