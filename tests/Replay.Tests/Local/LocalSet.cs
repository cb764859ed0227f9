using System.Text.Json;
using Countersign.Replay.Recording;
using Countersign.Replay.Recordings;

namespace Countersign.Replay.Tests.Local;

/// <summary>The set that our own engine's drafts are recorded in, as tests look at it.</summary>
internal static class LocalSet
{
    public static readonly string[] Drafters = ["smollm2-greedy", "smollm2-warm-a", "smollm2-warm-b"];

    public static string Folder => Path.Combine(Scene.LocalFolder, "short_tasks");

    public static IReadOnlyList<RecordedQuestion> Questions { get; } = [.. SetFile.ReadQuestions(Folder)];

    /// <summary>The recorded lines by question and model.</summary>
    public static IReadOnlyDictionary<(string Question, string Model), JsonElement> Lines { get; } =
        SetFile.Rows(Folder, SetFile.Outcomes).ToDictionary(line => (SetFile.Text(line, "id"), SetFile.Text(line, "model")));

    public static RecordedSet Load() => RecordedSet.Load(Folder, [], new HashSet<string>([.. Drafters, OutcomesFile.Reference]), limit: null);

    public static string Answer(string question, string model) => SetFile.Text(Lines[(question, model)], "answer");

    public static bool IsRight(string question, string model) => Lines[(question, model)].GetProperty("correct").GetInt32() == 1;
}
