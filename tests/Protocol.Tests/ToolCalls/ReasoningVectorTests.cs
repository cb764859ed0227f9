using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.ToolCalls;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.ToolCalls;

/// <summary>The recorded cases of reasoning in raw text, each cut at every place.</summary>
public sealed class ReasoningVectorTests
{
    /// <summary>Where a case's text is not ours, and why.</summary>
    private static readonly Dictionary<string, (string Reasoning, string Content)> Ours = new()
    {
        // The line break after the thought's end is no part of the thought.
        ["llamacpp_newline_kept"] = ("REASONING", "\nCONTENT"),
        // A server that leaves the thought in the text is still told apart.
        ["text_before_channel"] = ("This is a reasoning section", "Before\nThis is the rest"),
        ["simple"] = ("This is reasoning", "This is response"),
        ["only_end"] = ("", "This is response"),
        // The call that ends the thought has begun; what is left of it is no text.
        ["chunk_tool_call_ends_reasoning"] = ("I need to read the file.\n\n", ""),
        // A switch of one server, which moves an unclosed thought into the text; here a thought stays one.
        ["force_nonempty_content"] = ("This is plain content", ""),
    };

    public static TheoryData<string, ToolCallFormat> Groups => new()
    {
        { "qwen3 ", ToolCallFormats.QwenCoder }, { "deepseek_r1 ", ToolCallFormats.DeepSeekV3 }, { "deepseek_v3 ", ToolCallFormats.DeepSeekV31 }, { "glm45 ", ToolCallFormats.Glm },
        { "kimi_k2", ToolCallFormats.Kimi }, { "minimax_m2", ToolCallFormats.MiniMaxM2 }, { "gemma4 ", ToolCallFormats.Gemma4 }, { "mistral ", ToolCallFormats.Mistral },
        { "nemotron_v3", ToolCallFormats.QwenCoder }, { "pangu", ToolCallFormats.Pangu }, { "apertus ", ToolCallFormats.Apertus }, { "ernie45", ToolCallFormats.Ernie },
    };

    [Theory]
    [MemberData(nameof(Groups), DisableDiscoveryEnumeration = true)]
    public void Group_EveryCaseAtEverySplit_IsToldApart(string group, ToolCallFormat format) => CheckAll(group, new TextStyle(format, TextStyles.ThoughtsOf(format)));

    [Fact]
    public void Granite_EveryCaseAtEverySplit_IsToldApart() => CheckAll("granite 3.2 ", TextStyles.For("granite-3.2-8b"));

    /// <summary>Whether reasoning has ended shows in what becomes of the next word.</summary>
    [Fact]
    public void Harmony_EndOfReasoning_IsWhereTextBegins()
    {
        foreach (var data in CasesOf("gpt-oss"))
        {
            string input = data.GetProperty("input").GetString()!;
            var reader = new RawTextReader(new TextStyle(ToolCallFormats.Harmony, null), []);
            reader.Add(input);
            bool isText = reader.Add("word").OfType<TextDelta>().Any();
            Assert.Equal(data.GetProperty("expect").GetProperty("is_reasoning_end").GetBoolean(), isText);
        }
    }

    [Fact]
    public void EveryRecordedCase_IsInAGroupThatIsTested()
    {
        var groups = JsonElement.Parse(File.ReadAllBytes(SharedData.Require("data/families/vectors/reasoning.json"))).GetProperty("groups").EnumerateObject().ToList();
        string[] tested = [.. Groups.Select(row => row.Data.Item1), "granite 3.2 ", "gpt-oss"];
        Assert.Equal(61, groups.Sum(group => group.Value.GetArrayLength()));
        Assert.All(groups, group => Assert.Single(tested, name => group.Name.StartsWith(name, StringComparison.Ordinal)));
    }

    private static void CheckAll(string group, TextStyle style)
    {
        foreach (var data in CasesOf(group))
        {
            string id = data.GetProperty("id").GetString()!;
            bool inThought = data.TryGetProperty("prompt_ends_inside_reasoning", out var flag) && flag.GetBoolean();
            var expect = data.GetProperty("expect");
            var wanted = Ours.TryGetValue(id, out var ours) && (group != "granite 3.2 ") ? ours : (TextOf(expect, "reasoning"), TextOf(expect, "content"));
            string[]? chunks = data.TryGetProperty("chunks", out var pieces) ? [.. pieces.EnumerateArray().Select(piece => piece.GetString()!)] : null;
            var raw = new RawCase(id, style, data.GetProperty("input").GetString()!, inThought, [], chunks);
            foreach (var (cut, read) in raw.Readings())
            {
                var got = (string.Concat(read.Reasoning.Select(part => part.Text)), read.Text);
                Assert.True(wanted == got, $"{id} {cut}: {got}, not {wanted}");
            }
        }
    }

    private static List<JsonElement> CasesOf(string group)
    {
        var groups = JsonElement.Parse(File.ReadAllBytes(SharedData.Require("data/families/vectors/reasoning.json"))).GetProperty("groups");
        return [.. groups.EnumerateObject().Single(entry => entry.Name.StartsWith(group, StringComparison.Ordinal)).Value.EnumerateArray()];
    }

    private static string TextOf(JsonElement expect, string key) => expect.GetProperty(key).GetString() ?? "";
}
