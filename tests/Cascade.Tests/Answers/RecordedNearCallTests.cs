using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Tests.Validators;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Answers;

/// <summary>The <c>tool_call</c> validator on recorded drafts of a model without native tools: what mending near-calls gains.</summary>
public sealed class RecordedNearCallTests(ITestOutputHelper output)
{
    [Fact]
    public async Task ToolCall_NearCallsOfASmallModel_BecomeRightAnswers()
    {
        var set = RecordedAnswers.Load("bfcl_v1_2024");
        var validator = Drafts.Validator("tool_call", "{}");
        int count = 0, recorded = 0, repaired = 0, agrees = 0, graded = 0;
        foreach (var (id, question) in set.Questions.Where(pair => pair.Value.GetProperty("task").GetString() is not ("relevance" or "java" or "javascript")))
        {
            var draft = set.Of(id, "Meta-Llama-3-8B-Instruct");
            var context = Drafts.Context(request: Run.Question() with { Tools = set.Tools(id) });
            var verdict = await validator.JudgeAsync(Drafts.Of(draft.Answer), context, TestContext.Current.CancellationToken);
            bool right = verdict.Mended is { } mended && ReferenceCalls.Match(mended.Choices[0].ToolCalls, question.GetProperty("reference"));
            count++;
            recorded += draft.Correct ? 1 : 0;
            repaired += right || (verdict.Mended is null && draft.Correct) ? 1 : 0;
            if (!draft.Correct && verdict.Mended is null) continue;
            graded++;
            agrees += right || !draft.Correct ? 1 : 0;
        }

        output.WriteLine($"recorded {100.0 * recorded / count:F1} %, repaired {100.0 * repaired / count:F1} %; of {graded} graded, {agrees} agree");
        Assert.Equal(64.6, Math.Round(100.0 * recorded / count, 1));
        Assert.True(100.0 * repaired / count >= 72.85, $"{100.0 * repaired / count:F2}");
        Assert.True(agrees >= graded * 0.99, $"{agrees} of {graded}");
    }
}

/// <summary>Grades calls by a reference that lists the values allowed for each argument; an empty text among them makes it optional.</summary>
internal static partial class ReferenceCalls
{
    public static bool Match(IReadOnlyList<ToolCall> calls, JsonElement reference)
    {
        var wanted = reference.ValueKind == JsonValueKind.Array ? reference.EnumerateArray().ToList() : [reference];
        var expected = wanted.SelectMany(item => item.EnumerateObject()).ToList();
        if (calls.Count != expected.Count) return false;
        var left = calls.ToList();
        return expected.All(call => left.FindIndex(made => Fits(made, call)) is var index and >= 0 && RemoveAt(left, index));
    }

    private static bool RemoveAt(List<ToolCall> calls, int index)
    {
        calls.RemoveAt(index);
        return true;
    }

    private static bool Fits(ToolCall call, JsonProperty expected)
    {
        string[] names = [Plain(expected.Name), Plain(Copy().Replace(expected.Name, ""))]; // the second call of a tool is named f_2 in the references
        if (!names.Contains(Plain(call.Name))) return false;
        using var document = JsonDocument.Parse(call.Arguments);
        var arguments = document.RootElement;
        bool known = arguments.EnumerateObject().All(argument => expected.Value.TryGetProperty(argument.Name, out var allowed) && allowed.EnumerateArray().Any(value => Same(argument.Value, value)));
        return known && expected.Value.EnumerateObject().All(argument => arguments.TryGetProperty(argument.Name, out _) || argument.Value.EnumerateArray().Any(value => value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0));
    }

    private static bool Same(JsonElement value, JsonElement allowed)
    {
        if (value.ValueKind == JsonValueKind.Number && allowed.ValueKind == JsonValueKind.Number) return value.GetDouble() == allowed.GetDouble();
        if (value.ValueKind == JsonValueKind.String && allowed.ValueKind == JsonValueKind.String) return Folded(value) == Folded(allowed);
        if (value.ValueKind == JsonValueKind.Array && allowed.ValueKind == JsonValueKind.Array) return value.GetArrayLength() == allowed.GetArrayLength() && value.EnumerateArray().Zip(allowed.EnumerateArray()).All(pair => Same(pair.First, pair.Second));
        if (value.ValueKind == JsonValueKind.Object && allowed.ValueKind == JsonValueKind.Object) return value.EnumerateObject().All(member => allowed.TryGetProperty(member.Name, out var choices) && (choices.ValueKind == JsonValueKind.Array ? choices.EnumerateArray().Any(choice => Same(member.Value, choice)) : Same(member.Value, choices)));
        return JsonElement.DeepEquals(value, allowed);
    }

    [GeneratedRegex("[_ ][0-9]+$")]
    private static partial Regex Copy();

    private static string Plain(string name) => name.Replace('.', '_');

    private static string Folded(JsonElement text) => string.Concat(text.GetString()!.Where(c => !" ,./-_*^".Contains(c, StringComparison.Ordinal))).ToLowerInvariant().Replace('\'', '"');
}
