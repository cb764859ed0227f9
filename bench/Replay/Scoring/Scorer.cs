using System.Text.Json;
using Countersign.Replay.Asking;
using Countersign.Replay.Recordings;

namespace Countersign.Replay.Scoring;

/// <summary>How far the scorer's own grading agrees with the recorded grades, on recorded tool calls and on texts whose question names a rule.</summary>
/// <param name="Graded">Recorded answers that it can grade.</param>
/// <param name="Agreed">Those graded as the recording says.</param>
internal sealed record GraderCheck(int Graded, int Agreed);

/// <summary>Says which answers are right, after a run. An answer that a model was recorded to give has the recorded grade; mended ones are graded by the set's reference.</summary>
internal sealed class Scorer
{
    private readonly RecordedSet set;
    private readonly Dictionary<(string Question, string Model), bool> grades = [];
    private readonly Dictionary<string, IReadOnlyList<JsonElement>> references = [];
    private readonly Dictionary<string, string> rules = [];
    private readonly Dictionary<string, RecordedQuestion> questions;

    private Scorer(RecordedSet set) => (this.set, questions) = (set, set.Questions.ToDictionary(question => question.Id));

    /// <summary>Answers that could not be graded: neither recorded nor gradable by a reference. They count as wrong.</summary>
    public int Ungraded { get; private set; }

    /// <summary>Reads grades and references.</summary>
    public static Scorer Load(string folder, RecordedSet set)
    {
        var scorer = new Scorer(set);
        foreach (var row in SetFile.Rows(folder, SetFile.Questions))
        {
            string id = SetFile.Text(row, "id"), rule = SetFile.Text(row, "grade");
            scorer.references[id] = SetFile.Items(row, "reference");
            if (rule.Length > 0) scorer.rules[id] = rule;
        }

        foreach (var row in SetFile.Rows(folder, SetFile.Outcomes))
        {
            if (row.TryGetProperty("correct", out var correct) && correct.ValueKind == JsonValueKind.Number)
                scorer.grades[(SetFile.Text(row, "id"), SetFile.Text(row, "model"))] = correct.GetInt32() == 1;
        }

        return scorer;
    }

    /// <summary>Whether the answer is right.</summary>
    /// <param name="answered">What the client got.</param>
    /// <param name="model">The model whose answer won; <c>null</c> where there is no answer, which is wrong.</param>
    public bool IsRight(Answered answered, string? model)
    {
        if (model is null || !answered.IsWhole) return false;
        bool isRecorded = set.Of(answered.Question, model) is { } recorded && recorded.IsSaidBy(answered.Text, answered.Calls);
        if (isRecorded && grades.TryGetValue((answered.Question, model), out bool grade)) return grade;
        if (Grade(answered.Question, answered.Text, answered.Calls) is { } byReference) return byReference;
        Ungraded++;
        return false;
    }

    /// <summary>Grades recorded answers of models by the references and compares with the recorded grades.</summary>
    public GraderCheck Check(IEnumerable<string> models)
    {
        var answers = models.SelectMany(model => set.Questions.Select(question => set.Of(question.Id, model))).OfType<RecordedAnswer>().Where(answer => answer.Calls.Count > 0 || rules.ContainsKey(answer.Question));
        var compared = answers.Select(answer => Grade(answer.Question, answer.Text, answer.Calls) == grades[(answer.Question, answer.Model)]).ToList();
        return new GraderCheck(compared.Count, compared.Count(agrees => agrees));
    }

    /// <summary><c>null</c> where nothing says what would be right.</summary>
    private bool? Grade(string question, string text, IReadOnlyList<RecordedCall> calls)
    {
        if (!questions.TryGetValue(question, out var asked) || references[question] is not { Count: > 0 } reference) return null;
        if (rules.TryGetValue(question, out string? rule)) return ReferenceTexts.Match(text, reference[0], rule);
        return calls.Count > 0 ? ReferenceCalls.Match(calls, reference, asked.Tools) : null;
    }
}
