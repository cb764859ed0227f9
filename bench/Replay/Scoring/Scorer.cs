using System.Text.Json;
using Countersign.Replay.Asking;
using Countersign.Replay.Recordings;

namespace Countersign.Replay.Scoring;

/// <summary>How far the scorer's own grading agrees with the recorded grades, on recorded tool calls.</summary>
/// <param name="Graded">Recorded answers that are calls.</param>
/// <param name="Agreed">Those graded as the recording says.</param>
internal sealed record GraderCheck(int Graded, int Agreed);

/// <summary>Says which answers are right, after a run. An answer that a model was recorded to give has the recorded grade; mended tool calls are graded by the set's reference.</summary>
internal sealed class Scorer
{
    private readonly RecordedSet set;
    private readonly Dictionary<(string Question, string Model), bool> grades = [];
    private readonly Dictionary<string, IReadOnlyList<JsonElement>> references = [];
    private readonly Dictionary<string, RecordedQuestion> questions;

    private Scorer(RecordedSet set) => (this.set, questions) = (set, set.Questions.ToDictionary(question => question.Id));

    /// <summary>Answers that could not be graded: neither recorded nor tool calls with a reference. They count as wrong.</summary>
    public int Ungraded { get; private set; }

    /// <summary>Reads grades and references.</summary>
    public static Scorer Load(string folder, RecordedSet set)
    {
        var scorer = new Scorer(set);
        foreach (var row in SetFile.Rows(folder, SetFile.Questions)) scorer.references[SetFile.Text(row, "id")] = SetFile.Items(row, "reference");
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
        if (answered.Calls.Count > 0 && Grade(answered.Question, answered.Calls) is { } byReference) return byReference;
        Ungraded++;
        return false;
    }

    /// <summary>Grades recorded calls of a model by the references and compares with the recorded grades.</summary>
    public GraderCheck Check(IEnumerable<string> models)
    {
        var calls = models.SelectMany(model => set.Questions.Select(question => set.Of(question.Id, model))).OfType<RecordedAnswer>().Where(answer => answer.Calls.Count > 0);
        var compared = calls.Select(answer => Grade(answer.Question, answer.Calls) == grades[(answer.Question, answer.Model)]).ToList();
        return new GraderCheck(compared.Count, compared.Count(agrees => agrees));
    }

    private bool? Grade(string question, IReadOnlyList<RecordedCall> calls) =>
        references[question] is { Count: > 0 } reference && questions.TryGetValue(question, out var asked) ? ReferenceCalls.Match(calls, reference, asked.Tools) : null;
}
