using Countersign.Cascade.Answers;
using Countersign.Cascade.Routes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Running;

/// <summary>What is compared where drafts must agree.</summary>
internal static class AgreementForm
{
    private static readonly Normaliser ToolCalls = Normalisers.Find("tool_call")!;

    /// <summary>The draft's canonical form; of several choices the one that all of them have. <c>null</c> where there is none: such a draft agrees with nothing.</summary>
    public static string? Of(ChatAnswer answer, ChatRequest request, AgreementPolicy policy)
    {
        string? form = null;
        foreach (var (at, choice) in answer.Choices.Index())
        {
            string? own = OfChoice(answer with { Choices = [choice] }, request, policy);
            if (own is null || (at > 0 && own != form)) return null;
            form = own;
        }

        return form;
    }

    // What calls tools is compared by its calls, whatever the policy compares texts by.
    private static string? OfChoice(ChatAnswer answer, ChatRequest request, AgreementPolicy policy)
    {
        if (answer.Choices is [{ ToolCalls.Count: > 0 }, ..]) return ToolCalls.Canonical(answer, request.Tools, null);
        var normaliser = Normalisers.Find(policy.By)
            ?? throw ProblemException.Invalid($"There is no normaliser '{policy.By}'; there are {string.Join(", ", Normalisers.All.Select(known => known.Name))}.", "agreement.by");
        return normaliser.Canonical(answer, request.Tools, policy.Field);
    }
}
