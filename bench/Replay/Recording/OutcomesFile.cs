using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Replay.Recordings;
using Countersign.Replay.Scoring;

namespace Countersign.Replay.Recording;

/// <summary>Makes <c>outcomes.jsonl</c> of a set out of recorded answers and the set's own references, which stand in it as one more model: <see cref="Reference"/>.</summary>
internal static class OutcomesFile
{
    /// <summary>The name under which the references answer. They are always right, so this is a ceiling and no model.</summary>
    public const string Reference = "reference";

    private static readonly OutcomesJson Json = new(new JsonSerializerOptions(OutcomesJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The file's text: a line for each answer, and after a question's answers its reference.</summary>
    /// <param name="folder">The set, for references and rules of grading.</param>
    /// <param name="answers">The answers, those to one question side by side.</param>
    public static string Write(string folder, IReadOnlyList<RecordedAnswer> answers)
    {
        var questions = SetFile.Rows(folder, SetFile.Questions).ToDictionary(row => SetFile.Text(row, "id"));
        var text = new StringBuilder();
        foreach (var group in answers.GroupBy(answer => answer.Question))
        {
            var question = questions[group.Key];
            foreach (var answer in group) Append(text, Graded(answer, question));
            Append(text, ReferenceOf(question, group.First().InputTokens));
        }

        return text.ToString();
    }

    /// <summary>Looks before anything is asked whether every answer of a set can be graded.</summary>
    /// <exception cref="InvalidDataException">A question has no reference, or names no rule of grading.</exception>
    public static void EnsureGradable(string folder)
    {
        foreach (var question in SetFile.Rows(folder, SetFile.Questions))
        {
            if (!question.TryGetProperty("reference", out var reference)) throw new InvalidDataException($"{SetFile.Text(question, "id")} has no 'reference', by which its answers would be graded.");
            ReferenceTexts.Match("", reference, SetFile.Text(question, "grade"));
        }
    }

    private static OutcomeLine Graded(RecordedAnswer answer, JsonElement question)
    {
        bool isRight = ReferenceTexts.Match(answer.Text, question.GetProperty("reference"), SetFile.Text(question, "grade"));
        return new OutcomeLine(answer.Question, answer.Model, answer.Text, isRight ? 1 : 0, answer.InputTokens, answer.OutputTokens, "engine");
    }

    /// <summary>The drafters' count of the prompt is right for it too; nobody counted its own text.</summary>
    private static OutcomeLine ReferenceOf(JsonElement question, int inputTokens)
    {
        var reference = question.GetProperty("reference");
        string text = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : reference.GetRawText();
        return new OutcomeLine(SetFile.Text(question, "id"), Reference, text, 1, inputTokens, (text.Length + 3) / 4, "est_chars/4");
    }

    private static void Append(StringBuilder text, OutcomeLine line) => text.Append(JsonSerializer.Serialize(line, Json.OutcomeLine)).Append('\n');
}

/// <summary>A line of the file.</summary>
internal sealed record OutcomeLine(string Id, string Model, string Answer, int Correct, int TokensIn, int TokensOut, string TokensSrc);

/// <summary>JSON of the file's lines.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OutcomeLine))]
internal sealed partial class OutcomesJson : JsonSerializerContext;
