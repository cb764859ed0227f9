using System.Text;
using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Tests.Templates;

/// <summary>Templates that were cut, doubled and mixed at random: they may render or be refused, but nothing else may happen.</summary>
public class TemplateFuzzTests
{
    private const string Variables = """
        { "messages": [{ "role": "system", "content": "S 🙂" }, { "role": "user", "content": [{ "type": "text", "text": "q" }] },
            { "role": "assistant", "content": null, "tool_calls": [{ "id": "1", "function": { "name": "f", "arguments": { "a": [1, 2.5, null] } } }] }],
          "tools": [{ "type": "function", "function": { "name": "f", "parameters": { "properties": { "a": { "type": ["string", "null"] } } } } }],
          "n": 7, "x": -2.5, "t": true, "s": "Grüße 🙂", "d": { "k": 1, "items": [] } }
        """;

    private static readonly string[] Seeds =
    [
        "{%- macro show(v, deep=0) -%}\n{%- if v is mapping %}{ {% for k, w in v | dictsort %}{{ k }}: {{ show(w, deep + 1) }}{{ ', ' if not loop.last }}{% endfor %} }"
            + "{%- elif v is string %}{{ v | tojson }}{% elif v is iterable %}[{% for w in v %}{{ show(w) }},{% endfor %}]{% else %}{{ v }}{% endif %}{%- endmacro %}\n"
            + "{% set ns = namespace(last=-1, out='') %}{% for m in messages[::-1] if m.role != 'system' %}{% set ns.last = loop.index0 %}{{ show(m) }}{% endfor %}{{ ns.last }}",
        "{{ '%-5s|%+d|%x|%.3g|%%' % (s, n, 255, x) }}{{ '{0:>{1}}|{a!r:^9}|{d[k]}|{:,}'.format(s, 12, a='q', d=d) }}{{ s[1:-1:2] }}{{ s[::-1] | title }}{{ n ** 3 // 2 % 5 - -x }}",
        "{% for i in range(2, 20, 3) recursive %}{% if i is odd %}{% continue %}{% endif %}{{ loop.cycle('a', 'b') }}{{ loop.changed(i % 2) }}{{ loop([]) }}{% else %}none{% endfor %}",
        "{{ messages | map(attribute='role') | unique | sort(reverse=true) | join('-') }}{{ tools | groupby('type') | list }}{{ [3, 1] | batch(2, 0) | list }}{{ s | wordwrap(3) | indent(2, true) }}",
        "{% raw %}{{ x }}{% endraw %}{# c #}{%- set b | upper %}a{{ 1 }}{% endset -%}{{ b ~ none ~ 1.50 ~ [t, none] }}{% filter trim | replace('a', 'b', 1) %} aa {% endfilter %}{{ '<' | safe + '&' }}",
        "{{ 'a,b c'.split(',', 1)[0].rjust(5, '*') }}{{ s.find('🙂') }}{{ '7'.zfill(4) }}{{ 'x'.center(9) }}{{ '12.5' | float | round(1, 'floor') }}{{ d.items() | list | tojson(indent=1) }}"
            + "{{ strftime_now('%A %-d %B %Y %j %U') }}{{ cycler(1, 2).next() }}{{ dict(a=1, **d) if false else 0x1f + 0b1 + 1_0 }}",
    ];

    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "(", ")", "[", "]", "|", "is", "not", "in", "if", "else", "for x in s", "endfor", "endif", "'", "\"", "\\", "\n", "🙂", "\ud83d", ":",
        "**", "* 999999999", "loop", "s", "d", "messages", "range(99999)", "| list", "| tojson", "| length", ".items()", "['k']", "[-1]", "namespace()", "x", "1e308", "9999999999999999999",
        "{0}", "{:999}", "%s", "%c", "%(a)s", ".format(", "| map('upper')", "| sum", "| int(0, 99)", "| round(-400)", "| batch(-1)", "| slice(9999999)", "| center(99999999)", "none", "raise_exception('r')",
        ".expandtabs(99999999)", "| indent(99999999)", ".split('', 0)", ".join(s)", "| attr('upper')", "| dictsort", "| sort", "| truncate(1, true, '', -5)", "| filesizeformat", "| urlencode", "| xmlattr",
    ];

    private static readonly RenderSettings Small = Rendered.Strict with
    {
        Lenient = true,
        Limits = new TemplateLimits { Steps = 50_000, TextLength = 1 << 18, TotalText = 1 << 21, CallDepth = 60 },
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void MutatedTemplates_ParsedAndRendered_RenderOrAreRefused(int seed)
    {
        var random = new Random(seed);
        using var document = JsonDocument.Parse(Variables);
        List<KeyValuePair<string, Value>> variables = [.. Rendered.Variables(document.RootElement)];
        int rendered = 0;
        for (int round = 0; round < 1500; round++)
        {
            string template = Mutate(random, Seeds[random.Next(Seeds.Length)]);
            try
            {
                ChatTemplate.Parse(template).Render(variables, Small);
                rendered++;
            }
            catch (ProblemException)
            {
                // As it should be.
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}, round {round}: {failure}\n{template}");
            }
        }

        Assert.InRange(rendered, 50, 1500);
    }

    private static string Mutate(Random random, string template)
    {
        var text = new StringBuilder(template);
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = random.Next(text.Length), length = Math.Min(random.Next(1, 12), text.Length - at);
            switch (random.Next(5))
            {
                case 0: text.Remove(at, length); break;
                case 1: text.Insert(at, text.ToString(at, length)); break;
                case 2: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                case 3: text.Insert(at, " " + Pieces[random.Next(Pieces.Length)] + " "); break;
                default:
                    string other = Seeds[random.Next(Seeds.Length)];
                    int from = random.Next(other.Length);
                    text.Insert(at, other.AsSpan(from, Math.Min(random.Next(1, 60), other.Length - from)));
                    break;
            }

            if (text.Length == 0) text.Append('x');
        }

        return text.ToString();
    }
}
