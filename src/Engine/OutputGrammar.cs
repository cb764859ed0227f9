using Countersign.Engine.Sampling.Grammar;
using Countersign.Engine.Sampling.Grammar.JsonSchema;

namespace Countersign.Engine;

/// <summary>What an answer must look like. While it is generated, only tokens that can still lead to such a text are drawn. Immutable; may be used for any number of requests and models.</summary>
public sealed class OutputGrammar
{
    private OutputGrammar(string key, GrammarGraph graph, IReadOnlyList<string> notEnforced) => (Key, Graph, NotEnforced) = (key, graph, notEnforced);

    /// <summary>What was asked but cannot be enforced, each by its place and keyword: such texts must be checked afterwards. Empty where the grammar says it all.</summary>
    public IReadOnlyList<string> NotEnforced { get; }

    /// <summary>Kind and text: what is known of a grammar is kept under it.</summary>
    internal string Key { get; }

    internal GrammarGraph Graph { get; }

    /// <summary>A grammar in GBNF, llama.cpp's notation; its rule <c>root</c> is the whole answer.</summary>
    /// <exception cref="EngineException">The text is no grammar, is left-recursive, too large, or nothing satisfies it (<see cref="EngineErrorKind.InvalidRequest"/>).</exception>
    public static OutputGrammar FromGbnf(string text) => new("gbnf:" + text, GbnfParser.Parse(text), []);

    /// <summary>JSON that satisfies a schema (draft 2020-12 or 7). Properties come in the schema's order; an object with named properties has no others unless
    /// <c>additionalProperties</c> says so. What a grammar cannot enforce is in <see cref="NotEnforced"/>.</summary>
    /// <exception cref="EngineException">The schema is wrong, too large, refers outside itself, or nothing satisfies it (<see cref="EngineErrorKind.InvalidRequest"/>).</exception>
    public static OutputGrammar FromJsonSchema(string schema) => FromForms([new AnswerForm(schema)]);

    /// <summary>An answer that takes one of several forms, such as a call of a tool or an answer in JSON.</summary>
    /// <exception cref="EngineException">As with <see cref="FromJsonSchema"/>.</exception>
    public static OutputGrammar FromForms(IReadOnlyList<AnswerForm> forms)
    {
        (GrammarGraph graph, IReadOnlyList<string> notEnforced) = SchemaCompiler.Compile(forms);
        return new OutputGrammar("forms:" + string.Concat(forms.Select(static form => $"{form.Schema.Length}:{form.Before.Length}:{form.After.Length}:{form.Repeats}:{form.Schema}{form.Before}{form.After}")), graph, notEnforced);
    }

    /// <summary>Any JSON object.</summary>
    public static OutputGrammar AnyJsonObject { get; } = new("json", SchemaCompiler.AnyObject(), []);
}
