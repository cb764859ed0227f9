using Countersign.Cascade.Answers;

namespace Countersign.Cascade.Tests.Answers;

/// <summary>The normalisers on recorded drafts: what agreement would have answered, and at which share of the strong model's cost.</summary>
public sealed class RecordedAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public void Number_TwoSmallModelsAgreeOnGsm_KeepsTheStrongModelsAccuracy()
    {
        var set = RecordedAnswers.Load("zeroeval_gsm");
        Check(set, ["gemma-2-9b-it", "Qwen2-7B-Instruct"], 2, "gpt-4o-2024-08-06", "number", 96.3, 0.27);
        Check(set, ["Qwen2-7B-Instruct", "Qwen2-72B-Instruct", "deepseek-v2.5-0908"], 2, "gpt-4o-2024-08-06", "number", 96.5, 0.19);
    }

    [Fact]
    public void Python_TwoModelsAgreeOnCrux_KeepsTheStrongModelsAccuracy() =>
        Check(RecordedAnswers.Load("zeroeval_crux"), ["Qwen2.5-32B-Instruct", "Qwen2.5-72B-Instruct"], 2, "gpt-4o-2024-08-06", "python", 86.7, 0.54);

    [Fact]
    public void Latex_TwoOfThreeAgreeOnMath_BeatsTheStrongModel() =>
        Check(RecordedAnswers.Load("zeroeval_mathl5"), ["Qwen2.5-7B-Instruct", "Qwen2.5-32B-Instruct", "Qwen2.5-72B-Instruct"], 2, "claude-3-5-sonnet-20241022", "latex", 66.1, 0.37);

    [Fact]
    public void ToolCall_TwoOfThreeAgreeOnBfcl_BeatsTheStrongModel()
    {
        var set = RecordedAnswers.Load("bfcl_v1_2024");
        var normaliser = Normalisers.Find("tool_call")!;
        var questions = set.Questions.Where(pair => pair.Value.GetProperty("task").GetString() is not ("relevance" or "java" or "javascript")).Select(pair => pair.Key);
        var (accuracy, cost, strong) = set.Agreement(questions, ["Meta-Llama-3-8B-Instruct", "open-mistral-nemo-2407-FC", "functionary-small-v3.2"], 2, "gpt-4o-2024-08-06-FC",
            answer => normaliser.Canonical(answer.Answer, set.Tools(answer.Question), null));
        output.WriteLine($"tool_call: {accuracy:F1} % at {cost:F3}, strong alone {strong:F1} %");
        Assert.True(accuracy >= strong + 1.85, $"{accuracy} over {strong}");
        Assert.True(cost <= 0.255, $"cost {cost}");
    }

    private void Check(RecordedAnswers set, string[] drafters, int need, string strong, string by, double accuracyAtLeast, double costAtMost)
    {
        var normaliser = Normalisers.Find(by)!;
        var (accuracy, cost, alone) = set.Agreement(set.Questions.Keys, drafters, need, strong, answer => normaliser.Canonical(answer.Answer, [], "answer"));
        output.WriteLine($"{by}: {accuracy:F2} % at {cost:F3}, strong alone {alone:F1} %");
        Assert.True(accuracy >= accuracyAtLeast - 0.05, $"accuracy {accuracy:F2}");
        Assert.True(cost <= costAtMost + 0.005, $"cost {cost:F3}");
    }
}
