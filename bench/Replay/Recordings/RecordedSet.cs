using System.Text.Json;

namespace Countersign.Replay.Recordings;

/// <summary>A recorded set, as the upstream and the client see it: questions, and answers found by prompt and model. Correctness is read by the scorer, elsewhere and later.</summary>
internal sealed class RecordedSet
{
    private readonly Dictionary<string, string> questionByPrompt = [];
    private readonly Dictionary<(string Question, string Model), RecordedAnswer> answers = [];

    private RecordedSet()
    {
    }

    /// <summary>The questions, in the order of the set. Where two ask the same, only the first is here: nobody could tell which one was asked.</summary>
    public List<RecordedQuestion> Questions { get; } = [];

    /// <summary>How many questions were left out because an earlier one asks the same.</summary>
    public int Repeated { get; private set; }

    /// <summary>Reads a set.</summary>
    /// <param name="folder">Holds <c>questions.jsonl</c> and <c>outcomes.jsonl</c>.</param>
    /// <param name="tasks">The tasks that count; empty: all.</param>
    /// <param name="models">The models whose answers are needed.</param>
    /// <param name="limit">The most questions; <c>null</c>: all.</param>
    public static RecordedSet Load(string folder, IReadOnlyCollection<string> tasks, IReadOnlySet<string> models, int? limit)
    {
        var set = new RecordedSet();
        foreach (var row in SetFile.Rows(folder, SetFile.Questions))
        {
            var question = SetFile.ReadQuestion(row);
            if (set.Questions.Count < (limit ?? int.MaxValue) && (tasks.Count == 0 || tasks.Contains(question.Task))) set.Add(question);
        }

        var ids = set.Questions.Select(question => question.Id).ToHashSet();
        foreach (var row in SetFile.Rows(folder, SetFile.Outcomes))
        {
            if (!models.Contains(SetFile.Text(row, "model")) || !ids.Contains(SetFile.Text(row, "id"))) continue;
            var answer = SetFile.ReadAnswer(row);
            set.answers[(answer.Question, answer.Model)] = answer;
        }

        return set;
    }

    /// <summary>What <paramref name="model"/> answered to the question with this prompt; <c>null</c> where nothing was recorded.</summary>
    public RecordedAnswer? Find(string promptDigest, string model) =>
        questionByPrompt.TryGetValue(promptDigest, out string? question) ? Of(question, model) : null;

    /// <summary>What <paramref name="model"/> answered to the question; <c>null</c> where nothing was recorded.</summary>
    public RecordedAnswer? Of(string question, string model) => answers.GetValueOrDefault((question, model));

    private void Add(RecordedQuestion question)
    {
        using var request = JsonDocument.Parse(question.Request("any", stream: false));
        if (questionByPrompt.TryAdd(PromptDigest.Of(request.RootElement), question.Id)) Questions.Add(question);
        else Repeated++;
    }
}
