using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates;

namespace Countersign.Protocol.Tests.Templates;

public class TemplateErrorTests
{
    [Theory]
    [InlineData("{{ raise_exception('Only user and assistant roles!') }}", "refuses this conversation: Only user and assistant roles!")]
    [InlineData("line 1\n{{ missing.name }}", "line 2 of the template): 'missing' is undefined")]
    [InlineData("{{ {'a': 1}.b.c }}", "'dict object' has no attribute 'b'")]
    [InlineData("{{ 'a' + 1 }}", "can only concatenate str (not \"int\") to str")]
    [InlineData("{{ none[1:] }}", "'NoneType' object cannot be sliced")]
    [InlineData("{{ 5 | indent }}", "indent takes a text, not 'int'")]
    [InlineData("{{ [1].append(2) }}", "access to attribute 'append' of 'list' object is unsafe.")]
    [InlineData("{{ 1 | nofilter }}", "No filter named 'nofilter'.")]
    [InlineData("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "takes not more than 1 argument(s)")]
    [InlineData("{{ [missing] | tojson }}", "Object of type Undefined is not JSON serializable")]
    public void Render_ThatFails_SaysWhereAndWhy(string template, string words)
    {
        var problem = Assert.Throws<ProblemException>(() => Rendered.Text(template)).Problem;

        Assert.Equal(ProblemKind.InvalidRequest, problem.Kind);
        Assert.Contains(words, problem.Message);
    }

    [Theory]
    [InlineData("a\n{% if x %}", "line 2: Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'.")]
    [InlineData("{% nonsense %}", "line 1: Encountered unknown tag 'nonsense'.")]
    [InlineData("{{ (1] }}", "unexpected ']', expected ')'")]
    [InlineData("{{ a b }}", "expected token 'end of print statement', got 'b'")]
    [InlineData("{% include 'secrets' %}", "a chat template is one file")]
    [InlineData("{# never closed", "Missing end of comment tag")]
    public void Parse_OfBrokenSource_SaysWhereAndWhy(string template, string words)
    {
        var problem = Assert.Throws<ProblemException>(() => ChatTemplate.Parse(template)).Problem;

        Assert.Contains(words, problem.Message);
    }

    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x == ns.x }}{{ ns.x }}")]
    [InlineData("{% set ns = namespace(x=1) %}{% for i in range(99) %}{% set ns.x = (ns.x + 9) ** 9 %}{% endfor %}")]
    [InlineData("{{ 'x' * 99999999999 }}")]
    [InlineData("{{ range(999999999) | length }}")]
    [InlineData("{{ '%999999999d' % 1 }}")]
    [InlineData("{{ 'aaaaaaaaaaaaaaaa'.replace('', 'b' * 9999999) }}")]
    [InlineData("{% for x in [1] recursive %}{{ loop([x]) }}{% endfor %}")]
    public void Render_WithoutEnd_IsStopped(string template) => Assert.Throws<ProblemException>(() => Rendered.Text(template));

    [Fact]
    public void Render_OfValuesNestedWithoutEnd_IsStoppedBeforeTheStackEnds()
    {
        const string Nested = "{% set ns = namespace(x=[]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}";

        Assert.Throws<ProblemException>(() => Rendered.Text(Nested));
    }

    [Fact]
    public void Parse_OfDeepNesting_IsStoppedBeforeTheStackEnds()
    {
        foreach (string part in (string[])["(", "[", "{1:", "not ", "-", "a if b else ", "a + ", "a | f | ", "a.b", "f("])
        {
            Assert.Throws<ProblemException>(() => ChatTemplate.Parse("{{ " + string.Concat(Enumerable.Repeat(part, 50_000)) + " }}"));
        }

        Assert.Throws<ProblemException>(() => ChatTemplate.Parse(string.Concat(Enumerable.Repeat("{% if a %}", 50_000))));
        Assert.Throws<ProblemException>(() => ChatTemplate.Parse("{% set " + new string('(', 50_000)));
    }

    [Fact]
    public void Lenient_ListThatHoldsItself_IsStopped()
    {
        const string Endless = "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}";

        Assert.Throws<ProblemException>(() => Rendered.Text(Endless, settings: Rendered.Lenient));
    }
}
