using System.Text.Json;
using Countersign.Engine.Tests.Fixtures;
using Countersign.Engine.Tests.Scheduling;
using Countersign.Tests;

namespace Countersign.Engine.Tests.Sampling.Grammar;

/// <summary>Whatever a model without sense writes under a schema must satisfy it.</summary>
public sealed class SchemaGenerationTests
{
    public static TheoryData<string> Schemas =>
    [
        """{"type":"object","properties":{"vendor":{"type":"string","maxLength":12},"total":{"type":"number","exclusiveMinimum":0},"date":{"type":"string","format":"date"}},"required":["vendor","total","date"],"additionalProperties":false}""",
        """{"type":"array","items":{"enum":["low","middle","high",null,3]},"minItems":2,"maxItems":5}""",
        """{"anyOf":[{"type":"integer","minimum":-20,"maximum":300},{"type":"string","pattern":"^[A-Z]{2}-\\d{3}(x|yz)?$"}]}""",
        """{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":["boolean","null"]},"c":{"type":"string","minLength":2,"maxLength":6}},"required":["b"],"additionalProperties":{"type":"integer"}}""",
        """{"$defs":{"tree":{"type":"object","properties":{"v":{"type":"boolean"},"children":{"type":"array","items":{"$ref":"#/$defs/tree"},"maxItems":2}},"required":["v"],"additionalProperties":false}},"$ref":"#/$defs/tree"}""",
        """{"type":"object","properties":{"score":{"type":"number","minimum":0,"maximum":1},"label":{"enum":["é","a\"b","\\"]}},"required":["score","label"],"additionalProperties":false}""",
        """{"type":"object","additionalProperties":{"type":"array","items":{"type":"number"}}}""",
        "{}",
    ];

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Generate_RandomModelUnderASchema_WritesWhatSatisfiesIt(string schema)
    {
        using EngineModel model = EngineModel.Load(Fixture.Path("arch", "llama.f32.gguf"), new() { Threads = 1 }, CancellationToken.None);
        OutputGrammar grammar = OutputGrammar.FromJsonSchema(schema);
        int complete = 0;
        for (ulong seed = 0; seed < 3; seed++)
        {
            var request = new GenerationRequest { Prompt = [5, 6, 7], Grammar = grammar, Choices = 8, MaxTokens = 120, Sampling = new() { Temperature = 1.5f, Seed = seed } };
            Answer answer = await Answer.Of(model, request);
            complete += answer.Finished.Count(finished => Check(schema, grammar, answer.Text(finished.Choice), finished.Reason));
        }

        Assert.True(complete > 0, "no answer was complete");
    }

    [Fact]
    public async Task Generate_SmolLm2UnderASchema_FillsIt()
    {
        using EngineModel model = EngineModel.Load(Path.Combine(SharedData.RepositoryRoot, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"), new() { ContextLength = 512 }, CancellationToken.None);
        const string Schema = """{"type":"object","properties":{"city":{"type":"string","maxLength":20},"country":{"enum":["France","Spain","Italy"]}},"required":["city","country"],"additionalProperties":false}""";
        OutputGrammar grammar = OutputGrammar.FromJsonSchema(Schema);
        const string Prompt = "<|im_start|>user\nParis is the capital of France. Write city and country as JSON.<|im_end|>\n<|im_start|>assistant\n";
        var request = new GenerationRequest { Prompt = model.Tokenize(Prompt, addSpecial: false, parseSpecial: true), Grammar = grammar, MaxTokens = 48, Sampling = new() { Temperature = 0 } };
        Answer answer = await Answer.Of(model, request);
        Assert.True(Check(Schema, grammar, answer.Text(), answer.Finished[0].Reason), answer.Text());
        using JsonDocument document = JsonDocument.Parse(answer.Text());
        Assert.Equal("Paris", document.RootElement.GetProperty("city").GetString());
        Assert.Equal("France", document.RootElement.GetProperty("country").GetString());
    }

    /// <summary>Whether the answer is complete; fails where it breaks the schema.</summary>
    private static bool Check(string schema, OutputGrammar grammar, string text, FinishReason reason)
    {
        if (reason == FinishReason.Length)
        {
            string whole = text.TrimEnd('\uFFFD'); // A character that was cut in two.
            Assert.True(GrammarRun.IsAlive(grammar, whole), text);
            return false;
        }

        using JsonDocument document = JsonDocument.Parse(text), rules = JsonDocument.Parse(schema);
        Assert.True(SchemaCheck.Holds(rules.RootElement, rules.RootElement, document.RootElement), text);
        return true;
    }
}
