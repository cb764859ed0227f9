using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Tests;

namespace Countersign.Cascade.Tests.Answers;

/// <summary>One recorded answer of a model to a question.</summary>
internal sealed record RecordedAnswer(string Question, string Model, ChatAnswer Answer, bool Correct, decimal CostUsd, int OutputTokens);

/// <summary>A recorded set of <c>shared/data/outcomes</c>: questions with tools, and answers by question and model.</summary>
internal sealed class RecordedAnswers
{
    private readonly Dictionary<(string Question, string Model), RecordedAnswer> answers = [];

    /// <summary>The questions with their fields.</summary>
    public Dictionary<string, JsonElement> Questions { get; } = [];

    public static RecordedAnswers Load(string set)
    {
        var recorded = new RecordedAnswers();
        foreach (string line in File.ReadLines(Path.Combine(SharedData.Require($"data/outcomes/{set}"), "questions.jsonl")))
        {
            var question = Parse(line);
            recorded.Questions[question.GetProperty("id").GetString()!] = question;
        }

        foreach (string line in File.ReadLines(SharedData.Require($"data/outcomes/{set}/outcomes.jsonl")))
        {
            var answer = ReadAnswer(Parse(line));
            recorded.answers[(answer.Question, answer.Model)] = answer;
        }

        return recorded;
    }

    public RecordedAnswer Of(string question, string model) => answers[(question, model)];

    public List<ToolDefinition> Tools(string question)
    {
        if (!Questions[question].TryGetProperty("tools", out var tools)) return [];
        var list = tools.ValueKind == JsonValueKind.Array ? tools.EnumerateArray().ToList() : [tools];
        return [.. list.Select(tool => new ToolDefinition { Name = tool.GetProperty("name").GetString()!, Parameters = tool.GetProperty("parameters") })];
    }

    /// <summary>Runs a cascade over the questions without calling anyone: drafts in order while they can still change the verdict, else the strong model.</summary>
    public (double Accuracy, double CostShare, double StrongAccuracy) Agreement(IEnumerable<string> questions, string[] drafters, int need, string strong, Func<RecordedAnswer, string?> form)
    {
        int count = 0, right = 0, strongRight = 0;
        decimal cost = 0, strongCost = 0;
        foreach (string question in questions)
        {
            var (winner, spent) = Vote(question, drafters, need, form);
            var last = Of(question, strong);
            if (winner is null) spent += last.CostUsd;
            (count, right, strongRight) = (count + 1, right + ((winner ?? last).Correct ? 1 : 0), strongRight + (last.Correct ? 1 : 0));
            (cost, strongCost) = (cost + spent, strongCost + last.CostUsd);
        }

        return (100.0 * right / count, (double)(cost / strongCost), 100.0 * strongRight / count);
    }

    private (RecordedAnswer? Winner, decimal Spent) Vote(string question, string[] drafters, int need, Func<RecordedAnswer, string?> form)
    {
        Dictionary<string, int> votes = [];
        decimal spent = 0;
        for (int asked = 0; asked < drafters.Length; asked++)
        {
            int best = votes.Count == 0 ? 0 : votes.Values.Max();
            if (best + drafters.Length - asked < need) break;
            var answer = Of(question, drafters[asked]);
            spent += answer.CostUsd;
            if (form(answer) is not { } same) continue;
            if ((votes[same] = votes.GetValueOrDefault(same) + 1) >= need) return (answer, spent);
        }

        return (null, spent);
    }

    private static RecordedAnswer ReadAnswer(JsonElement row)
    {
        var answer = row.GetProperty("answer");
        bool isCalls = answer.ValueKind == JsonValueKind.Array && answer.EnumerateArray().All(call => call.ValueKind == JsonValueKind.Object);
        var choice = isCalls
            ? new ChatChoice { Index = 0, ToolCalls = [.. answer.EnumerateArray().Select(ReadCall)] }
            : new ChatChoice { Index = 0, Text = answer.ValueKind == JsonValueKind.String ? answer.GetString()! : answer.GetRawText() };
        return new RecordedAnswer(
            row.GetProperty("id").GetString()!,
            row.GetProperty("model").GetString()!,
            new ChatAnswer { Choices = [choice] },
            row.GetProperty("correct") is { ValueKind: JsonValueKind.Number } correct && correct.GetInt32() == 1,
            row.GetProperty("cost_usd") is { ValueKind: JsonValueKind.Number } cost ? cost.GetDecimal() : 0,
            row.GetProperty("tokens_out") is { ValueKind: JsonValueKind.Number } tokens ? tokens.GetInt32() : 0);
    }

    private static ToolCall ReadCall(JsonElement call, int index)
    {
        var member = call.EnumerateObject().First();
        return new ToolCall($"call_{index}", member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText());
    }

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
