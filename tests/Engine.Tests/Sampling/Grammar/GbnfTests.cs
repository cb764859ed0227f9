namespace Countersign.Engine.Tests.Sampling.Grammar;

public sealed class GbnfTests
{
    [Theory]
    [InlineData("root ::= \"yes\" | \"no\"", "yes|no", "|ye|yess|YES|yesno")]
    [InlineData("root ::= [a-c]+ \"-\"? [^x-z0]", "ab|c-d|aa-é|bbb", "|-a|a-x|c-0|az")]
    [InlineData("root ::= \"a\"{2} \"b\"{1,3} \"c\"{2,} [d]{0,2}", "aabcc|aabbbccccdd", "abcc|aabbbbcc|aabc|aabccddd")]
    [InlineData("root ::= (\"x\" | \"y\" root \"z\")*", "|x|yz|yxz|xyyxzzx", "y|yx|zy|yzz")]
    [InlineData("root ::= item (\",\" item)*\nitem ::= [0-9]+ # digits\n", "1|12,3|0,0,0", "|,1|1,|1,,2|a")]
    [InlineData("root ::=\n  \"a\" (\n \"b\" |\n \"c\"\n )\n  | \"d\"", "ab|ac|d", "a|b|abd")]
    [InlineData("root ::= . \"\\x41\\u00e9\\U0001F600\\n\\\"\\\\\"", "😀Aé😀\n\"\\|xAé😀\n\"\\", "Aé😀\n\"\\")]
    [InlineData("root ::= [\\]\\[\\-\\\\a]", "]|[|-|\\|a", "b|^")]
    [InlineData("root ::= [a-]", "a|-", "b")]
    [InlineData("root ::= [^\\x00-\\x7F]+", "é|中😀", "a|éa|")]
    [InlineData("root ::= ((\"a\"?)* \"b\"?)* \"c\"", "c|aabac|bbc", "|ab|ca")]
    [InlineData("root ::= a\r\na ::= \"1\" b\r\nb ::= \"2\" a | \"\"", "1|121|12121", "12|2|")]
    public void Grammar_Texts_AcceptsExactlyTheRight(string grammar, string right, string wrong)
    {
        OutputGrammar compiled = OutputGrammar.FromGbnf(grammar);
        Assert.All(right.Split('|'), text => Assert.True(GrammarRun.Accepts(compiled, text), text));
        Assert.All(wrong.Split('|'), text => Assert.False(GrammarRun.Accepts(compiled, text), text));
    }

    [Theory]
    [InlineData("", "no rule 'root'")]
    [InlineData("a ::= \"x\"", "no rule 'root'")]
    [InlineData("root ::= a", "'a', but does not define")]
    [InlineData("root ::= \"x\nroot", "'\"' is missing")]
    [InlineData("root ::= [a", "']' is missing")]
    [InlineData("root ::= \"a\"\nx := \"b\"", "line 2, column 3: '::='")]
    [InlineData("root ::= (\"a\"", "')' was expected")]
    [InlineData("root ::= \"a\" ) \"b\"", "a rule's name")]
    [InlineData("root ::= \"\\q\"", "an escape is one of")]
    [InlineData("root ::= \"\\ud800\"", "hexadecimal digits of a character")]
    [InlineData("root ::= [z-a]", "range's end")]
    [InlineData("root ::= \"a\"{3,2}", "is empty")]
    [InlineData("root ::= \"a\"{99999999999}", "a number up to")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "defined twice")]
    [InlineData("root ::= <[12]>", "references to tokens")]
    [InlineData("root ::= root \"a\" | \"b\"", "left recursion")]
    [InlineData("root ::= \"\" a\na ::= b? c\nb ::= \"x\"\nc ::= root | \"y\"", "left recursion")]
    [InlineData("root ::= \"a\" root", "No text satisfies")]
    [InlineData("root ::= \"a\" []", "No text satisfies")]
    public void Grammar_Wrong_IsRefusedWithItsReason(string grammar, string reason)
    {
        EngineException exception = Assert.Throws<EngineException>(() => OutputGrammar.FromGbnf(grammar));
        Assert.Equal(EngineErrorKind.InvalidRequest, exception.Kind);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grammar_DeadEnds_AreNeverEntered()
    {
        OutputGrammar grammar = OutputGrammar.FromGbnf("root ::= \"a\" never | \"b\"\nnever ::= \"c\" never");
        Assert.False(GrammarRun.IsAlive(grammar, "a"));
        Assert.True(GrammarRun.Accepts(grammar, "b"));
    }

    [Fact]
    public void Grammar_HostileSizes_AreRefused()
    {
        string nested = new string('(', 100_000) + "\"a\"" + new string(')', 100_000);
        string[] grammars =
        [
            $"root ::= {nested}",
            "root ::= \"a\"{300000}{300000}",
            "root ::= \"" + new string('a', 2_000_000) + "\"",
            string.Join('\n', Enumerable.Range(0, 60_000).Select(static i => $"r{i} ::= \"a\"")),
        ];
        Assert.All(grammars, static grammar => Assert.Equal(EngineErrorKind.InvalidRequest, Assert.Throws<EngineException>(() => OutputGrammar.FromGbnf(grammar)).Kind));
    }

    [Fact]
    public void Grammar_ManyReadings_EndWithAnErrorNotWithTheMemory()
    {
        OutputGrammar grammar = OutputGrammar.FromGbnf("root ::= \"a\" root \"b\"? | \"a\" root \"c\"? | \"\"");
        EngineException exception = Assert.Throws<EngineException>(() => GrammarRun.Accepts(grammar, new string('a', 100)));
        Assert.Contains("too ambiguous", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grammar_DeepAndLongTexts_AreFollowed()
    {
        OutputGrammar deep = OutputGrammar.FromGbnf("root ::= \"[\" root \"]\" | \"x\"");
        Assert.True(GrammarRun.Accepts(deep, new string('[', 50_000) + "x" + new string(']', 50_000)));
        Assert.False(GrammarRun.Accepts(deep, new string('[', 50_000) + "x" + new string(']', 49_999)));
        OutputGrammar longer = OutputGrammar.FromGbnf("root ::= \"a\" root | \"b\"");
        Assert.True(GrammarRun.Accepts(longer, new string('a', 200_000) + "b"));
    }
}
