using System.Reflection;
using System.Text.RegularExpressions;

namespace Countersign.Cli.Tests.Shape;

/// <summary>Documents say what is there: every path, link and type that they name exists.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Folders = ["src", "tests", "bench", "docs", "eng", "models", ".ci"];
    private static readonly string[] Laws = ["StreamLaw", "BillLaw", "LedgerLaw", "BudgetLaw", "EffortLaw", "VerdictLaw", "NoSilentLoss"];
    private static readonly System.Buffers.SearchValues<char> PathStops = System.Buffers.SearchValues.Create(" *{<$|");

    public static TheoryData<string> Documents =>
        [.. Directory.EnumerateFiles(SourceTree.Root, "*.md").Select(file => Path.GetFileName(file)), .. SourceTree.Files("docs", ".md"), .. SourceTree.Files("src", ".md"), .. SourceTree.Files("bench", ".md")];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_NamesOnlyPathsThatExist(string document)
    {
        var named = Code().Matches(SourceTree.Read(document)).Select(match => match.Groups[1].Value).Where(IsPath);
        Assert.All(named, path => Assert.True(Path.Exists(Path.Combine(SourceTree.Root, path.TrimEnd('/'))), $"{document} names {path}, which does not exist."));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_LinksOnlyToFilesThatExist(string document)
    {
        string folder = Path.GetDirectoryName(Path.Combine(SourceTree.Root, document))!;
        var links = Link().Matches(SourceTree.Read(document)).Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(link => link.Length > 0 && !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal));
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(folder, link)), $"{document} links to {link}, which does not exist."));
    }

    [Fact]
    public void Architecture_NamesOnlyTypesThatExist()
    {
        var types = new[] { "Countersign.Protocol", "Countersign.Cascade", "Countersign.Engine", "Countersign.Gateway", "countersign" }
            .Select(Assembly.Load).SelectMany(assembly => assembly.GetTypes()).Select(type => type.Name.Split('`')[0]).ToHashSet();
        var named = Code().Matches(SourceTree.Read("ARCHITECTURE.md")).Select(match => match.Groups[1].Value).Where(code => TypeName().IsMatch(code)).Select(code => code.Split('.')[0]).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, types));
    }

    [Fact]
    public void EveryLaw_HasATestClassOfItsName()
    {
        string tests = string.Concat(SourceTree.Files("tests", ".cs").Select(SourceTree.Read));
        Assert.All(Laws, law => Assert.Contains($"class {law}Tests", tests));
    }

    [Fact]
    public void NoTrackedTextFile_NamesAMachinePath()
    {
        var texts = SourceTree.Files(".", ".cs", ".md", ".sh", ".yaml", ".yml", ".json", ".jsonl", ".csproj", ".props", ".mjs", ".js", ".py", ".sql");
        Assert.All(texts, file => Assert.DoesNotMatch(MachinePath(), SourceTree.Read(file)));
    }

    private static bool IsPath(string code) => Folders.Any(folder => code == folder || code.StartsWith(folder + "/", StringComparison.Ordinal)) && code.AsSpan().IndexOfAny(PathStops) < 0;

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[A-Z][a-z]\w+(\.[A-Z]\w+)?(<\w+>)?$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"(^|[^A-Za-z0-9./])/(work|farm|root)/[a-z]")]
    private static partial Regex MachinePath();
}
