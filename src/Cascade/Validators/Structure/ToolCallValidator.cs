using System.Text.Json;
using Countersign.Cascade.Answers;
using Countersign.Cascade.JsonSchemas;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.ToolCalls;

namespace Countersign.Cascade.Validators.Structure;

/// <summary><c>tool_call</c>: tools that are called exist, their arguments fit, nothing is made up, and a call is made where one must be.</summary>
internal sealed class ToolCallValidator(ToolCallOptions options) : ChoiceValidator("tool_call", judgesCalls: true)
{
    private readonly SchemaCache schemas = new(ToolSchemas.Prepare, assertFormats: false);

    public override string Description =>
        $"Every tool call names a tool of the request and its arguments fit{(options.RequireCall == true ? "; a call is made" : "")}{(options.Mend ? "; near-calls are mended" : "")}.";

    public override bool Mends => options.Mend || options.TextCalls;

    public override IPrefixJudge? JudgePrefix(ValidationContext context) => context.Request.Tools.Count == 0 ? null : new Watch(this, context.Request);

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        var request = context.Request;
        List<Finding> findings = [.. choice.ParserFindings.Select(finding => new Finding(finding))];
        var calls = CallsOf(choice, request.Tools, findings);
        if (findings.Count > 0) return Ruling.Wrong(findings);
        List<ToolCall> judged = [];
        string? unknown = null;
        foreach (var (index, call) in calls.Index())
        {
            if (JudgeCall(call, $"tool_calls[{index}]", request.Tools, findings, out string? because) is { } fine) judged.Add(fine);
            unknown ??= because;
        }

        findings.AddRange(WhatTheRequestDemands([.. calls.Select(call => ToolOf(call.Name, request.Tools)?.Name ?? call.Name)], request));
        if (findings.Count > 0) return Ruling.Wrong(findings);
        if (unknown is not null) return Ruling.Unknown(unknown);
        bool isChanged = !judged.SequenceEqual(choice.ToolCalls);
        return isChanged ? new Ruling([], choice with { ToolCalls = judged, Text = choice.ToolCalls.Count == 0 ? "" : choice.Text, FinishReason = FinishReason.ToolCalls }) : Ruling.Fine;
    }

    private IReadOnlyList<ToolCall> CallsOf(ChatChoice choice, IReadOnlyList<ToolDefinition> tools, List<Finding> findings)
    {
        if (choice.ToolCalls.Count > 0 || !options.TextCalls || tools.Count == 0) return choice.ToolCalls;
        var reading = PythonCalls.Parse(choice.Text, tools);
        findings.AddRange(reading.Findings.Select(finding => new Finding(finding)));
        if (options.Mend || reading.Mends.Count == 0) return reading.Calls;
        findings.Add(new Finding($"The call is not written as one: {string.Join(", ", reading.Mends)}. Give each argument by name."));
        return [];
    }

    /// <summary>The call as it is or mended; <c>null</c> with findings where it is wrong.</summary>
    private ToolCall? JudgeCall(ToolCall call, string where, IReadOnlyList<ToolDefinition> tools, List<Finding> findings, out string? unknown)
    {
        unknown = null;
        if (ToolOf(call.Name, tools) is not { } tool)
        {
            findings.Add(NoTool(call.Name, where, tools));
            return null;
        }

        string text = call.Arguments.Length == 0 ? "{}" : call.Arguments;
        var reading = options.Mend ? NearJson.Read(text) : NearJson.ReadStrict(text);
        if (reading.Value is not { ValueKind: JsonValueKind.Object } arguments)
        {
            findings.Add(new Finding($"The arguments of {tool.Name} are no JSON object. {reading.Error}".TrimEnd(), where));
            return null;
        }

        // Two calls in one: which of them is meant is not guessed.
        if (reading.Mends.Contains(NearJson.OthersBehind))
        {
            findings.Add(new Finding($"The arguments of {tool.Name} are more than one JSON object. Make a call for each.", where));
            return null;
        }

        string name = tool.Name;
        bool isTouched = reading.Mends.Count > 0 || name != call.Name;
        if (tool.Parameters is not { } parameters) return isTouched ? call with { Name = name, Arguments = arguments.GetRawText() } : call;
        return FitArguments(call with { Name = name }, arguments, parameters, isTouched, where, findings, out unknown);
    }

    private ToolCall? FitArguments(ToolCall call, JsonElement arguments, JsonElement parameters, bool isTouched, string where, List<Finding> findings, out string? unknown)
    {
        unknown = null;
        try
        {
            var schema = schemas.Get(parameters);
            var wrong = schema.Validate(arguments);
            if (wrong.Count == 0) return isTouched ? call with { Arguments = arguments.GetRawText() } : call;
            var typed = options.Mend ? ArgumentTypes.Fit(arguments, parameters) : arguments;
            if (options.Mend && schema.Fits(typed)) return call with { Arguments = typed.GetRawText() };
            findings.AddRange(wrong.Select(finding => new Finding($"{(finding.Where.Length == 0 ? $"The arguments of {call.Name}" : $"The argument {finding.Where} of {call.Name}")} {finding.Message}.", $"{where}{finding.Where}")));
        }
        catch (ProblemException exception)
        {
            unknown = $"The parameters of the tool {call.Name} are no schema: {exception.Message}";
        }
        catch (SchemaLimitException exception)
        {
            unknown = exception.Message;
        }

        return null;
    }

    private ToolDefinition? ToolOf(string name, IReadOnlyList<ToolDefinition> tools) => options.Mend ? ToolNames.Find(tools, name) : tools.FirstOrDefault(tool => tool.Name == name);

    private static Finding NoTool(string name, string where, IReadOnlyList<ToolDefinition> tools) =>
        new($"There is no tool named \"{name}\"; {(tools.Count == 0 ? "there are none" : $"there are {string.Join(", ", tools.Select(tool => $"\"{tool.Name}\""))}")}.", where);

    /// <param name="called">The tools that are called, by the names that they have.</param>
    /// <param name="request">What is answered.</param>
    private IEnumerable<Finding> WhatTheRequestDemands(IReadOnlyCollection<string> called, ChatRequest request)
    {
        var choice = request.ToolChoice;
        bool isRequired = options.RequireCall ?? choice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named;
        if (isRequired && called.Count == 0) yield return new Finding("A tool must be called, and none is.");
        if (choice?.Mode == ToolChoiceMode.None && called.Count > 0) yield return new Finding("No tool may be called, but one is.");
        if (choice is { Mode: ToolChoiceMode.Named, Name: { } only } && called.Any(name => name != only)) yield return new Finding($"Only the tool \"{only}\" may be called.");
        if (request.ParallelToolCalls == false && called.Count > 1) yield return new Finding($"Only one tool may be called at a time, but {called.Count} are.");
    }

    /// <summary>Condemns a draft as soon as it names a tool that does not exist or may not be called, and at what a parser noticed. Arguments are judged when they are whole.</summary>
    private sealed class Watch(ToolCallValidator validator, ChatRequest request) : IPrefixJudge
    {
        private readonly Dictionary<int, SortedDictionary<int, string>> called = [];

        public Finding? See(ChatEvent chatEvent) => chatEvent switch
        {
            ParserFinding noticed => new Finding(noticed.Message),
            ToolCallDelta { Name: { } name } call => See(name, call),
            _ => null,
        };

        private Finding? See(string name, ToolCallDelta call)
        {
            if (validator.ToolOf(name, request.Tools) is not { } tool) return NoTool(name, $"tool_calls[{call.Index}]", request.Tools);
            if (!called.TryGetValue(call.Choice, out var names)) called[call.Choice] = names = [];
            names[call.Index] = tool.Name;
            return validator.WhatTheRequestDemands(names.Values, request).FirstOrDefault();
        }
    }
}
