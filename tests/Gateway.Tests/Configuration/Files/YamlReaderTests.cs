using System.Text;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Configuration.Files;

namespace Countersign.Gateway.Tests.Configuration.Files;

public class YamlReaderTests
{
    [Fact]
    public void Scalar_Variables_AreExpandedAfterParsing()
    {
        MapNode map = Read("a: ${X}\nb: \"${NONE:-standard} and $${X}\"\nc: '${EMPTY:-standard}'", ("X", "[1, 2]: {\n"), ("EMPTY", ""));
        Assert.Equal(["[1, 2]: {\n", "standard and ${X}", "standard"], map.Entries.Select(entry => ((ScalarNode)entry.Value).Text));
        Assert.Equal("${X}", ((ScalarNode)map.Get("a")!).Written);
    }

    [Fact]
    public void Scalar_WithADollarBrace_IsPrintedSoThatItIsReadAsItWas()
    {
        MapNode map = Read("a: \"$${X} $$${X} ${X}\"", ("X", "${Y}"));
        string printed = YamlPrinter.Print(map);
        Assert.Equal("${X} $${X} ${Y}", ((ScalarNode)map.Get("a")!).Text);
        Assert.Equal("${X} $${X} ${Y}", ((ScalarNode)Read(printed, ("X", "x"), ("Y", "y")).Get("a")!).Text);
    }

    [Fact]
    public void MergeKey_IsRefusedByItsName() => Assert.Contains(Failures("server: &x { listen: \"127.0.0.1:1\" }\nledger: { <<: *x }"), problem => problem.Contains("Merge keys (<<) are not read", StringComparison.Ordinal));

    [Fact]
    public void Alias_OfAGroup_HasItsOwnPath()
    {
        MapNode map = Read("a: &x { b: [1, 2] }\nc.d: *x");
        var list = (ListNode)((MapNode)map.Get("c.d")!).Get("b")!;
        Assert.Equal("\"c.d\".b[1]", list.Items[1].Path.Text);
        Assert.Equal(new FilePlace("f.yaml", 1, 16), list.Items[1].Place);
    }

    [Fact]
    public void Aliases_OfAliases_AreBounded()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int level = 1; level < 12; level++) text.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        Assert.Contains("more than 100000 values", Assert.Single(Failures(text.ToString())));
    }

    [Fact]
    public void Nesting_TooDeep_IsBounded() => Assert.Contains("nested more than 64 levels deep", Assert.Single(Failures("a: " + new string('[', 100_000))));

    [Fact]
    public void Text_RandomlyDamaged_NeverThrows()
    {
        const string Marks = "{}[]:,-&*!|>'\"%@`# \n\t\0a$?é";
        const string Whole = "providers:\n  local: { api: engine, models: ./models }\nroutes: &r\n  a:\n    draft: { deployment: \"x\" }\n    validate:\n      - json_schema: { from: request }\n  b: *r\n# comment\nc: |\n  text ${X} ${Y:-z}\n";
        var random = new Random(7);
        for (int round = 0; round < 3000; round++)
        {
            char[] text = Whole.ToCharArray();
            for (int change = random.Next(1, 6); change > 0; change--) text[random.Next(text.Length)] = Marks[random.Next(Marks.Length)];
            Loading.Load(new string(text));
        }
    }

    [Fact]
    public void Printed_ReadAgain_IsTheSame()
    {
        MapNode map = Read("a: 'true'\nb: true\nc: \"${X}\"\nd: [1, \"2\", {}, []]\ne: { key: plain-secret, headers: { h: \"${X}\", g: visible } }\nf: \"line\\nline: #\"", ("X", "va: lue"));
        string printed = YamlPrinter.Print(map);
        Assert.Equal(printed, YamlPrinter.Print(Read(printed, ("X", "va: lue"))));
        Assert.Contains("c: \"va: lue\"", printed);
        Assert.Contains("h: \"${X}\"", printed);
        Assert.DoesNotContain("plain-secret", printed);
        Assert.DoesNotContain("visible", printed);
    }

    private static MapNode Read(string text, params (string Name, string Value)[] variables)
    {
        var problems = new ProblemList();
        ConfigNode? node = YamlReader.Read(text, "f.yaml", new ConfigurationEnvironment(name => variables.FirstOrDefault(pair => pair.Name == name).Value, "."), problems);
        Assert.Empty(problems.InOrder());
        return (MapNode)node!;
    }

    private static IEnumerable<string> Failures(string text) => Loading.Load(text).Problems.Select(problem => problem.ToString());
}
