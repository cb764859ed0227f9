using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.ToolCalls;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.ToolCalls;

/// <summary>The recorded cases of every raw format, each cut at every place.</summary>
public sealed class VectorTests
{
    /// <summary>Where a case's own text is not ours, and why. Its calls are.</summary>
    private static readonly Dictionary<string, string> OurText = new()
    {
        // The source drops text around calls; here it is kept.
        ["deepseek_v31/two_and_suffix"] = "some prefix text some suffix text",
        ["kimi_k2_sections/stream_text_after_section_dropped"] = "Before.  After tools.",
        ["pangu/content_after_dropped"] = "\nThank you!",
        ["glm_arg_kv/mixed_content_between"] = "I will help you get the weather info.\n\n\n\nmeaningwhile, I will also check the weather in Shanghai.\n\n",
        ["llama3_json/inside_prose"] = "Here is the result:  Would you like to know more?",
        ["mistral/pre11_trailing_data"] = "\nextra trailing data",
    };

    public static TheoryData<string> Formats => [.. ToolCallFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Format_EveryCaseAtEverySplit_IsRead(string name)
    {
        var (failures, count) = (new List<string>(), 0);
        foreach (var (file, document) in Documents())
        {
            if (document.GetProperty("format").GetString() != FileFormat(name)) continue;
            foreach (var data in document.GetProperty("cases").EnumerateArray())
            {
                if (FormatOf(name, data) is not { } format) continue;
                count++;
                failures.AddRange(Check(name, format, data));
            }
        }

        Assert.True(count > 0, $"No case of {name} was found.");
        Assert.True(failures.Count == 0, $"{failures.Count} of {count} cases fail:\n{string.Join('\n', failures)}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} cases");
    }

    [Fact]
    public void EveryRecordedCase_BelongsToAFormatThatIsTested()
    {
        var cases = Documents().SelectMany(entry => entry.Document.GetProperty("cases").EnumerateArray(), (entry, data) => (Format: entry.Document.GetProperty("format").GetString()!, Data: data)).ToList();
        Assert.Equal(253, cases.Count);
        Assert.All(cases, entry => Assert.Single(ToolCallFormats.All, format => FileFormat(format.Name) == entry.Format && FormatOf(format.Name, entry.Data) is not null));
    }

    private static IEnumerable<string> Check(string name, ToolCallFormat format, JsonElement data)
    {
        string id = data.GetProperty("id").GetString()!;
        bool inThought = data.TryGetProperty("options", out var options) && options.TryGetProperty("prompt_ends_inside_reasoning", out _);
        var tools = data.TryGetProperty("tool_schemas", out var schemas) ? RawCase.ToolsOf(schemas) : [];
        string[]? chunks = data.TryGetProperty("chunks", out var pieces) ? [.. pieces.EnumerateArray().Select(piece => piece.GetString()!)] : null;
        var raw = new RawCase(id, new TextStyle(format, TextStyles.ThoughtsOf(format)), data.GetProperty("input").GetString()!, inThought, tools, chunks);
        bool isTextAsserted = !data.TryGetProperty("content_match", out _);
        foreach (var (cut, read) in raw.Readings())
        {
            var judged = read;
            if (OurText.TryGetValue($"{name}/{id}", out string? ours))
            {
                if (read.Text != ours) yield return $"{id} {cut}: content is \"{read.Text}\"";
                isTextAsserted = false;
            }

            if (Expected.Difference(data.GetProperty("expect"), judged, isTextAsserted) is { } difference)
            {
                yield return $"{id} {cut}: {difference}";
                break;
            }
        }
    }

    private static string FileFormat(string name) => name == "deepseek_dsml_v4" ? "deepseek_dsml" : name;

    /// <summary>The two generations of DSML share a file.</summary>
    private static ToolCallFormat? FormatOf(string name, JsonElement data)
    {
        bool isV4 = data.TryGetProperty("options", out var options) && options.TryGetProperty("variant", out _);
        bool isOther = name.StartsWith("deepseek_dsml", StringComparison.Ordinal) && isV4 != name.EndsWith("v4", StringComparison.Ordinal);
        return isOther ? null : ToolCallFormats.All.Single(format => format.Name == name);
    }

    private static IEnumerable<(string File, JsonElement Document)> Documents() =>
        Directory.EnumerateFiles(SharedData.Require("data/families/vectors"), "*.json")
            .Where(file => Path.GetFileName(file) is not ("INDEX.json" or "reasoning.json"))
            .Select(file => (Path.GetFileName(file), JsonElement.Parse(File.ReadAllBytes(file))));
}
