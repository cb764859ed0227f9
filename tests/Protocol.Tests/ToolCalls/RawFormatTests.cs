using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.ToolCalls;

using JsonObject = System.Text.Json.Nodes.JsonObject;

namespace Countersign.Protocol.Tests.ToolCalls;

/// <summary>Every format on answers of our own, with seeded values, cut in seeded places.</summary>
public sealed class RawFormatTests
{
    private static readonly IReadOnlyList<ToolDefinition> Tools = RawCase.ToolsOf(JsonElement.Parse("""
        {"find_flights": {"origin": "string", "note": "string", "seats": "integer", "budget": "number", "direct": "boolean", "stops": "array", "filter": "object"},
         "clock.now": {"zone": "string"}, "ping": {}}
        """));

    public static TheoryData<string> Formats => [.. ToolCallFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Answer_CutAnywhere_GivesTheCallsThatWereWritten(string name)
    {
        var random = new Random(20261125);
        for (int round = 0; round < 60; round++)
        {
            var (raw, text, calls) = Sample(name, random);
            var choice = raw.Read(Cut(raw.Input, random));
            Assert.True(text == choice.Text, $"round {round}: text is \"{choice.Text}\" of\n{raw.Input}");
            Assert.True(calls.Count == choice.ToolCalls.Count, $"round {round}: {choice.ToolCalls.Count} calls, {string.Join(' ', choice.ParserFindings)} of\n{raw.Input}");
            foreach (var (wanted, got) in calls.Zip(choice.ToolCalls))
            {
                Assert.Equal(wanted.Name, got.Name);
                Assert.True(JsonNode.DeepEquals(wanted.Arguments, JsonNode.Parse(got.Arguments)), $"round {round}: {got.Arguments} of\n{raw.Input}");
            }

            Assert.Empty(choice.ParserFindings);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Answer_CutOff_InventsNothing(string name)
    {
        var random = new Random(7);
        for (int round = 0; round < 4; round++)
        {
            var (raw, _, calls) = Sample(name, random);
            for (int length = 0; length < raw.Input.Length; length++)
            {
                var cut = raw with { Input = raw.Input[..length] };
                var (whole, single) = (cut.Read([cut.Input]), cut.Read(cut.Input.Select(c => c.ToString())));
                Assert.True(Same(whole, single), $"{name} at {length}: the pieces matter.");
                Assert.True(whole.ToolCalls.Count <= calls.Count);
                for (int i = 0; i < whole.ToolCalls.Count; i++) AssertBeginning(calls[i], whole.ToolCalls[i], isLast: i == whole.ToolCalls.Count - 1, whole);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Answer_Mutated_NeverThrowsAndPiecesDoNotMatter(string name)
    {
        var random = new Random(11);
        for (int round = 0; round < 150; round++)
        {
            var (raw, _, _) = Sample(name, random);
            var mutated = raw with { Input = Mutate(raw.Input, random) };
            var (whole, pieces) = (mutated.Read([mutated.Input]), mutated.Read(Cut(mutated.Input, random)));
            Assert.True(Same(whole, pieces), $"{name} round {round}: the pieces matter in\n{mutated.Input}");
        }
    }

    /// <summary>A call of a cut-off answer is one that was written, or the beginning of one with a finding.</summary>
    private static void AssertBeginning(WrittenCall wanted, ToolCall got, bool isLast, ChatChoice choice)
    {
        if (choice.ParserFindings.Count == 0 || !isLast)
        {
            Assert.Equal(wanted.Name, got.Name);
            Assert.True(JsonNode.DeepEquals(wanted.Arguments, JsonNode.Parse(got.Arguments)), got.Arguments);
        }
        else
        {
            Assert.StartsWith(got.Name, wanted.Name, StringComparison.Ordinal);
        }
    }

    private static (RawCase Raw, string Text, IReadOnlyList<WrittenCall> Calls) Sample(string name, Random random)
    {
        var format = ToolCallFormats.All.Single(format => format.Name == name);
        string text = random.Next(3) == 0 ? "" : "Let me see: 3 < 4, «naïve» 你好 🎉.";
        List<WrittenCall> calls = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => SampleCall(random))];
        var style = new TextStyle(format, TextStyles.ThoughtsOf(format));
        return (new RawCase(name, style, WrittenAnswers.Write(format, text, calls), false, Tools, null), text, calls);
    }

    private static WrittenCall SampleCall(Random random) => random.Next(4) switch
    {
        0 => new WrittenCall("ping", new JsonObject()),
        1 => new WrittenCall("clock.now", new JsonObject { ["zone"] = Text(random) }),
        _ => new WrittenCall("find_flights", Arguments(random)),
    };

    private static JsonObject Arguments(Random random)
    {
        var arguments = new JsonObject { ["origin"] = Text(random) };
        if (random.Next(2) == 0) arguments["note"] = Text(random);
        if (random.Next(2) == 0) arguments["seats"] = random.Next(-5, 400);
        if (random.Next(2) == 0) arguments["budget"] = random.Next(1000) / 8.0;
        if (random.Next(2) == 0) arguments["direct"] = random.Next(2) == 0;
        if (random.Next(2) == 0) arguments["stops"] = new JsonArray(Text(random), random.Next(9), true);
        if (random.Next(2) == 0) arguments["filter"] = new JsonObject { ["carrier"] = Text(random), ["codes"] = new JsonArray(1, 2) };
        return arguments;
    }

    private static string Text(Random random)
    {
        string[] pieces = ["Rome", "say \"hi\"", "it's", "C:\\temp", "line\nbreak", "東京", "🎉", " {x} ", "[a, b]", "a<b>", "</", "x: 1, y", "  "];
        return $"t{string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => pieces[random.Next(pieces.Length)]))}.";
    }

    private static IEnumerable<string> Cut(string text, Random random)
    {
        for (int at = 0; at < text.Length;)
        {
            int length = Math.Min(text.Length - at, random.Next(1, 9));
            yield return text.Substring(at, length);
            at += length;
        }
    }

    private static string Mutate(string text, Random random)
    {
        for (int times = random.Next(1, 4); times > 0 && text.Length > 2; times--)
        {
            int at = random.Next(text.Length - 1), length = random.Next(1, Math.Min(20, text.Length - at));
            text = random.Next(3) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(random.Next(text.Length), text.Substring(at, length)),
                _ => text.Insert(at, "{}[]()<>|\"'\\,:\n\ud83c"[random.Next(16)].ToString()),
            };
        }

        return text;
    }

    private static bool Same(ChatChoice left, ChatChoice right) =>
        left.Text == right.Text && string.Concat(left.Reasoning.Select(part => part.Text)) == string.Concat(right.Reasoning.Select(part => part.Text))
        && left.ParserFindings.Order().SequenceEqual(right.ParserFindings.Order())
        && left.ToolCalls.Select(call => (call.Name, call.Arguments)).SequenceEqual(right.ToolCalls.Select(call => (call.Name, call.Arguments)));
}
