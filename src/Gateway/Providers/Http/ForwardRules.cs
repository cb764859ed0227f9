using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.ToolCalls;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Whether a caller's own bytes may go to an upstream of the same API as they are.</summary>
internal static class ForwardRules
{
    /// <summary>They may where every id of a call has the form that the model's server demands, where they say of thinking what the model understands, and hold no reasoning of earlier answers that its family does not take, nor lack one that it demands.</summary>
    public static bool MayForward(WireRequest wire, ChatCall call, EffortRule rule) =>
        (call.Thinking is null || wire.Says(call.Thinking)) && (!MayNeedReplay(wire, rule) || ReferenceEquals(ReplayedReasoning.For(wire.Parsed, rule), wire.Parsed))
        && (!HoldsResults(wire) || !FittingCallIds.AreDemanded(call.Deployment.NameOfFamily) || ReferenceEquals(FittingCallIds.For(wire.Parsed, call.Deployment.NameOfFamily), wire.Parsed));

    private static bool HoldsResults(WireRequest wire) => wire.Api == WireApiKind.OpenAiChat && wire.Body.Span.IndexOf("\"tool_call_id\""u8) >= 0;

    /// <summary>A look at the bytes, so that few requests are read in full. What only a tool loop takes its own template leaves out.</summary>
    private static bool MayNeedReplay(WireRequest wire, EffortRule rule) => rule.Replay switch
    {
        _ when MayHoldForeignSeal(wire, rule) => true,
        _ when rule.Seals => false,
        ReasoningReplay.Never => wire.Body.Span.IndexOf("\"reasoning"u8) >= 0,
        ReasoningReplay.Always => wire.Body.Span.IndexOf("\"assistant\""u8) >= 0,
        _ => false,
    };

    /// <summary>In OpenAI's chat API no seal is one maker's own; in its Responses API two makers' look alike to a client.</summary>
    private static bool MayHoldForeignSeal(WireRequest wire, EffortRule rule) => Seal.MayBeIn(wire.Body.Span) || wire.Api switch
    {
        WireApiKind.OpenAiChat => wire.Body.Span.IndexOf("\"reasoning_details\""u8) >= 0,
        WireApiKind.OpenAiResponses => rule.SealedBy is not null && wire.Body.Span.IndexOf("\"encrypted_content\""u8) >= 0,
        _ => false,
    };
}
