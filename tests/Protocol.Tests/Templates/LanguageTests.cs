namespace Countersign.Protocol.Tests.Templates;

/// <summary>The language, feature by feature, in cases of our own; what each must give was worked out from Jinja's and Python's manuals.</summary>
public class LanguageTests
{
    private const string Data = """
        { "text": "Grüße 🙂!", "items": [3, 1, 2], "none": null, "user": { "name": "Ada", "items": [1], "age": 36, "score": 2.0 },
          "messages": [{ "role": "user", "content": "q1" }, { "role": "assistant", "content": "a1" }, { "role": "user", "content": "q2" }] }
        """;

    [Theory]
    [InlineData("a\n{% if true %}\n  b\n{% endif %}\nc\n", "a\n  b\nc")]
    [InlineData("a\n   {%- if true -%}  b  {%- endif -%}  \n c", "abc")]
    [InlineData("  {{ 1 }}\n  {% set x = 1 %}\n  y\n\n", "  1\n  y\n")]
    [InlineData("x{# gone #}\ny{#- too -#}  z", "xyz")]
    [InlineData("{% raw %}{{ not }} {% code %}{% endraw %}!", "{{ not }} {% code %}!")]
    [InlineData("{{ {'a': {'b': 1}} }}", "{'a': {'b': 1}}")]
    public void Source_Delimiters_AreReadAsJinjaDoes(string template, string expected) => Assert.Equal(expected, Rendered.Text(template, Data));

    [Theory]
    [InlineData("{{ true }} {{ none }} {{ 3.0 }} {{ 1e16 }} {{ 0.00001 }} {{ [1, 'it\\'s', 2.5, {'k': None}] }}", "True None 3.0 1e+16 1e-05 [1, \"it's\", 2.5, {'k': None}]")]
    [InlineData("{{ user.score }}|{{ user.age }}|{{ 12345678901234567890 + 1 }}", "2.0|36|12345678901234567891")]
    [InlineData("{{ text | length }} {{ text[6] }} {{ text[::-1] }}", "8 🙂 !🙂 eßürG")]
    [InlineData("{{ user | tojson }}", "{\"name\": \"Ada\", \"items\": [1], \"age\": 36, \"score\": 2.0}")]
    [InlineData("{{ {'b': [], 'a': 'é<'} | tojson(indent=2, sort_keys=true, ensure_ascii=true) }}", "{\n  \"a\": \"\\u00e9<\",\n  \"b\": []\n}")]
    public void Values_Written_LookAsInPython(string template, string expected) => Assert.Equal(expected, Rendered.Text(template, Data));

    [Theory]
    [InlineData("{{ 7 // -2 }} {{ -7 % 3 }} {{ 2 ** 10 }} {{ 7 / 2 }} {{ 1 < 2 < 2 }} {{ 1 == 1.0 == true }}", "-4 2 1024 3.5 False True")]
    [InlineData("{{ 'a' ~ 1 ~ none }} {{ '-' * 3 }} {{ [1] + [2] }} {{ 'x' in 'xyz' }} {{ 4 not in items }}", "a1None --- [1, 2] True True")]
    [InlineData("{{ '' or 'else' }} {{ 1 and 2 }} {{ not none }} {{ 'yes' if items else 'no' }}[{{ 'x' if false }}]", "else 2 True yes[]")]
    [InlineData("{{ 'a' + 'b' | upper }} {{ -3 | abs }} {{ 2 * 3 is odd }}", "aB 3 2")]
    [InlineData("{{ user.items is callable }} {{ user['items'] }} {{ user.get('nope', 5) }} {{ items[-1] }} {{ items[:2] }}", "True [1] 5 2 [3, 1]")]
    public void Operators_AndAccess_FollowPython(string template, string expected) => Assert.Equal(expected, Rendered.Text(template, Data));

    [Theory]
    [InlineData("[{{ missing }}{{ user.nope }}] {{ missing is defined }} {{ missing == none }} {{ missing | default('d') }} {{ none | default('d') }}", "[] False False d None")]
    [InlineData("{% for x in missing %}x{% else %}empty{% endfor %}", "empty")]
    public void Undefined_WhereItMayStand_IsNothing(string template, string expected) => Assert.Equal(expected, Rendered.Text(template, Data));

    [Theory]
    [InlineData("{% for m in messages if m.role == 'user' %}{{ loop.index }}/{{ loop.length }}:{{ m.content }}{{ ',' if not loop.last }}{% endfor %}", "1/2:q1,2/2:q2")]
    [InlineData("{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}", "231")]
    [InlineData("{% set ns = namespace(n=0) %}{% for i in items %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", "6")]
    [InlineData("{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i > 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "023")]
    [InlineData("{% for k, v in user | dictsort %}{{ k }}={{ v }};{% endfor %}", "age=36;items=[1];name=Ada;score=2.0;")]
    [InlineData("{% macro tag(name, body='-') %}<{{ name }}>{{ body }}{% endmacro %}{{ tag('a') }}{{ tag(body='b', name='c') | length }}", "<a>-4")]
    [InlineData("{% macro wrap() %}[{{ caller('x') }}]{% endmacro %}{% call(y) wrap() %}{{ y }}{{ y }}{% endcall %}", "[xx]")]
    [InlineData("{% set block %} a {% endset %}{{ block | trim }}{% filter upper %}b{% endfilter %}{% generation %}c{% endgeneration %}", "aBc")]
    public void Statements_OfAllKinds_Run(string template, string expected) => Assert.Equal(expected, Rendered.Text(template, Data));

    [Theory]
    [InlineData("{{ messages | map(attribute='role') | unique | join('+') }}", "user+assistant")]
    [InlineData("{{ messages | selectattr('role', 'equalto', 'user') | list | length }} {{ items | sort | list }} {{ items | max }}", "2 [1, 2, 3] 3")]
    [InlineData("{{ ' a ' | trim }}{{ 'straße' | upper }}{{ 'ab' | replace('a', 'x') }}{{ '4.7' | int }}{{ 'a\nb' | indent(2) }}", "aSTRASSExb4a\n  b")]
    [InlineData("{{ '</think>b'.split('</think>')[-1].lstrip('b') }}|{{ 'a,b'.split(',') }}|{{ '{}-{:>3}'.format(1, 'x') }}|{{ '%s=%05.1f' % ('a', 2) }}", "|['a', 'b']|1-  x|a=002.0")]
    [InlineData("{{ messages | sort(attribute='nope') | map(attribute='content') | join }} {{ range(9)[1:7:2] }} {{ 'a-b_c' | wordcount }}", "q1a1q2 range(1, 7, 2) 2")]
    [InlineData("{{ '<' | safe + '<\"' }} {{ '<' | e }}", "<&lt;&#34; &lt;")]
    [InlineData("{{ strftime_now('%d %b %Y, %-d %A %H:%M') }}", "07 Mar 2026, 7 Saturday 09:05")]
    public void Functions_Applied_GiveWhatPythonGives(string template, string expected) => Assert.Equal(expected, Rendered.Text(template, Data));
}
