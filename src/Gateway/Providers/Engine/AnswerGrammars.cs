using Countersign.Cascade.Attempts;
using Countersign.Engine;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>What answers must look like, as grammars: OpenAI's <c>response_format</c>, llama-server's <c>grammar</c> (GBNF) and <c>json_schema</c>.
/// The grammars used last are kept compiled. Thread-safe.</summary>
internal sealed class AnswerGrammars
{
    private const int Capacity = 64;

    private readonly Lock gate = new();
    private readonly LinkedList<(string Key, OutputGrammar Grammar)> recent = new();

    /// <summary>The grammar of a request's answer; <c>null</c> where it may be anything.</summary>
    /// <param name="request">The request.</param>
    /// <param name="extra">Its fields that OpenAI's API does not have.</param>
    /// <param name="trace">Takes what the grammar cannot enforce.</param>
    /// <exception cref="ProblemException">The schema or grammar is wrong, nothing satisfies it, or there are two of them.</exception>
    public OutputGrammar? Of(ChatRequest request, ExtraFields extra, RequestTrace trace)
    {
        (string Param, string Kind, string Text)[] asked = [.. Asked(request.ResponseFormat, extra)];
        if (asked.Length == 0) return null;
        if (asked.Length > 1) throw ProblemException.Invalid($"'{asked[0].Param}' and '{asked[1].Param}' both say what the answer must look like: give one.", asked[1].Param);
        var (param, kind, text) = asked[0];
        var grammar = Compiled(param, kind, text);
        if (grammar.NotEnforced.Count > 0) trace.Warn($"{param}: not enforced while the answer is generated: {string.Join(", ", grammar.NotEnforced)}.");
        return grammar;
    }

    private static IEnumerable<(string Param, string Kind, string Text)> Asked(ResponseFormat? format, ExtraFields extra)
    {
        if (format is { Kind: ResponseFormatKind.JsonSchema, Schema: { } schema }) yield return ("response_format", "schema", schema.GetRawText());
        else if (format is { Kind: not ResponseFormatKind.Text }) yield return ("response_format", "object", "");
        if (extra.Schema("json_schema") is { } ownSchema) yield return ("json_schema", "schema", ownSchema);
        if (extra.Text("grammar") is { } gbnf) yield return ("grammar", "gbnf", gbnf);
    }

    private OutputGrammar Compiled(string param, string kind, string text)
    {
        string key = $"{kind}:{text}";
        if (Find(key) is { } known) return known;
        try
        {
            var grammar = kind switch
            {
                "gbnf" => OutputGrammar.FromGbnf(text),
                "schema" => OutputGrammar.FromJsonSchema(text),
                _ => OutputGrammar.AnyJsonObject,
            };
            Keep(key, grammar);
            return grammar;
        }
        catch (EngineException wrong) when (wrong.Kind == EngineErrorKind.InvalidRequest)
        {
            throw ProblemException.Invalid(wrong.Message, param);
        }
    }

    private OutputGrammar? Find(string key)
    {
        lock (gate)
        {
            var node = recent.First;
            while (node is not null && node.Value.Key != key) node = node.Next;
            if (node is null) return null;
            recent.Remove(node);
            recent.AddFirst(node);
            return node.Value.Grammar;
        }
    }

    private void Keep(string key, OutputGrammar grammar)
    {
        lock (gate)
        {
            recent.AddFirst((key, grammar));
            if (recent.Count > Capacity) recent.RemoveLast();
        }
    }
}
