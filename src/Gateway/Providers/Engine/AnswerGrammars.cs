using Countersign.Cascade.Attempts;
using Countersign.Engine;
using Countersign.Gateway.Providers.Raw;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>What answers must look like, as grammars: OpenAI's <c>response_format</c> and <c>tool_choice</c>, llama-server's <c>grammar</c> (GBNF) and <c>json_schema</c>.</summary>
internal sealed class AnswerGrammars
{
    private const string AnyObject = """{"type":"object"}""";

    private readonly CompiledGrammars compiled = new();

    /// <summary>The grammar of a request's answer; <c>null</c> where it may be anything.</summary>
    /// <param name="request">The request.</param>
    /// <param name="chat">How it is put to the model; <c>null</c> for a text that is only gone on with.</param>
    /// <param name="extra">Its fields that OpenAI's API does not have.</param>
    /// <param name="trace">Takes what the grammar cannot enforce.</param>
    /// <exception cref="ProblemException">The schema or grammar is wrong, nothing satisfies it, or there are two of them.</exception>
    public OutputGrammar? Of(ChatRequest request, RawChat? chat, ExtraFields extra, RequestTrace trace)
    {
        Asked[] asked = [.. AskedBy(request.ResponseFormat, extra)];
        if (asked.Length > 1) throw ProblemException.Invalid($"'{asked[0].Param}' and '{asked[1].Param}' both say what the answer must look like: give one.", asked[1].Param);
        return WithCalls(request, chat, asked.FirstOrDefault(), trace) is { } answer ? Compiled(answer, trace) : null;
    }

    private static IEnumerable<Asked> AskedBy(ResponseFormat? format, ExtraFields extra)
    {
        if (format is { Kind: ResponseFormatKind.JsonSchema, Schema: { } schema }) yield return Asked.Json("response_format", schema.GetRawText());
        else if (format is { Kind: not ResponseFormatKind.Text }) yield return Asked.Json("response_format", AnyObject);
        if (extra.Schema("json_schema") is { } ownSchema) yield return Asked.Json("json_schema", ownSchema);
        if (extra.Text("grammar") is { } gbnf) yield return new Asked("grammar", [], gbnf);
    }

    /// <summary>Where tools are offered, the answer may, or must, be calls. Not every format of calls can be said in a grammar.</summary>
    private static Asked? WithCalls(ChatRequest request, RawChat? chat, Asked? answer, RequestTrace trace)
    {
        bool mustCall = request.ToolChoice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named;
        if (chat is null or { Tools.Count: 0 }) return answer;
        if (!mustCall && answer is null)
        {
            chat.WarnOfStrictTools(trace);
            return null;
        }

        if (!CallForms.Know(chat.Style.Calls) || answer?.Gbnf is not null)
        {
            trace.Warn(mustCall ? "tool_choice: not enforced while the answer is generated." : $"{answer!.Param}: not enforced while the answer is generated, as it may call tools.");
            chat.WarnOfStrictTools(trace);
            return null;
        }

        var calls = CallForms.Of(chat.Style.Calls!, chat.Tools, request.ToolChoice, request.ParallelToolCalls, trace);
        return mustCall ? new Asked("tool_choice", [calls]) : answer! with { Forms = [.. answer.Forms, calls] };
    }

    private OutputGrammar Compiled(Asked asked, RequestTrace trace)
    {
        try
        {
            var grammar = asked.Gbnf is { } gbnf ? compiled.Of(gbnf, OutputGrammar.FromGbnf) : compiled.Of(Key(asked.Forms), _ => OutputGrammar.FromForms(asked.Forms));
            if (grammar.NotEnforced.Count > 0) trace.Warn($"{asked.Param}: not enforced while the answer is generated: {string.Join(", ", grammar.NotEnforced)}.");
            return grammar;
        }
        catch (EngineException wrong) when (wrong.Kind == EngineErrorKind.InvalidRequest)
        {
            throw ProblemException.Invalid(wrong.Message, asked.Param);
        }
    }

    private static string Key(IReadOnlyList<AnswerForm> forms) => "\0" + string.Join('\0', forms.Select(form => $"{form.Before}\0{form.Schema}\0{form.After}\0{form.Repeats}"));

    /// <summary>What was asked: forms, or a grammar.</summary>
    private sealed record Asked(string Param, IReadOnlyList<AnswerForm> Forms, string? Gbnf = null)
    {
        public static Asked Json(string param, string schema) => new(param, [new AnswerForm(schema)]);
    }
}
