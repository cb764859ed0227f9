using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Countersign.Cli.Tests.Shape;

/// <summary>Who may see whom: the fences between projects, and those inside them that only <c>using</c>s can cross.</summary>
public sealed partial class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Protocol"] = [],
        ["Engine"] = [],
        ["Cascade"] = ["Protocol"],
        ["Gateway"] = ["Cascade", "Engine"],
        ["Cli"] = ["Gateway"],
    };

    [Fact]
    public void Projects_AreTheFive_AndReferenceOnlyWhatTheyMay()
    {
        var found = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetFileName(Path.GetDirectoryName(file)!), References);
        Assert.Equal(Allowed.Keys.Order(), found.Keys.Order());
        foreach (var (project, references) in found) Assert.Equal(Allowed[project].Order(), references.Order());
    }

    [Theory]
    [InlineData("src/Protocol", "Microsoft.AspNetCore|System.Net.Http|Microsoft.Data")]
    [InlineData("src/Cascade", "Microsoft.AspNetCore|Microsoft.Data|Countersign.Gateway|Countersign.Engine")]
    [InlineData("src/Engine", "Microsoft.AspNetCore|System.Net.Http|Countersign.Protocol|Countersign.Cascade|Countersign.Gateway")]
    public void Folder_DoesNotUse(string folder, string namespaces) => AssertUsed(folder, namespaces, []);

    [Fact]
    public void Sqlite_IsUsedInItsFolderOnly() => AssertUsed("src", "Microsoft.Data.Sqlite|SQLitePCL", ["src/Gateway/Ledger/Sqlite/"]);

    [Fact]
    public void Unsafe_IsInTheEngineOnly()
    {
        var places = SourceTree.Files("src", ".cs").Where(file => !file.StartsWith("src/Engine/", StringComparison.Ordinal) && UnsafeCode().IsMatch(SourceTree.Read(file)));
        Assert.Empty(places);
    }

    private static void AssertUsed(string folder, string namespaces, string[] exceptIn)
    {
        var use = new Regex($@"^\s*(global\s+)?using\s+(static\s+)?({namespaces.Replace(".", @"\.")})[.;]", RegexOptions.Multiline);
        var places = SourceTree.Files(folder, ".cs")
            .Where(file => !exceptIn.Any(allowed => file.StartsWith(allowed, StringComparison.Ordinal)))
            .Where(file => use.IsMatch(SourceTree.Read(file)));
        Assert.Empty(places);
    }

    private static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileName(Path.GetDirectoryName(reference.Attribute("Include")!.Value.Replace('\\', '/'))!))];

    [GeneratedRegex(@"\bunsafe\b(?=[^;""]*[{(])|\bfixed\s*\(")]
    private static partial Regex UnsafeCode();
}
