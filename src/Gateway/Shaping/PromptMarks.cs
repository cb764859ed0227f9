using Countersign.Cascade.Attempts;
using Countersign.Gateway.Providers;
using Countersign.Protocol.Dialects.PromptCaching;

namespace Countersign.Gateway.Shaping;

/// <summary>Marks requests for upstreams' prompt caches, by the rule of the model asked on its server.</summary>
internal static class PromptMarks
{
    /// <summary>The body with its marks, and what they are; the body itself where there is nothing to mark.</summary>
    public static (ReadOnlyMemory<byte> Body, CacheMarking? Marking) Put(ReadOnlyMemory<byte> body, ChatCall call, ProviderOptions provider)
    {
        if (RuleOf(call, provider) is not { } rule) return (body, null);
        return PromptCache.Mark(body, rule, new CacheScope(call.Trace.Caller, call.Deployment.Name, call.Purpose == AttemptPurpose.Repair, call.Attempt.IsAskedAgain));
    }

    /// <summary>Names a caller's own marks where the API asked has no place for them.</summary>
    public static void WarnOfForeign(ChatCall call, ProviderOptions provider)
    {
        var wire = call.Attempt.PassThrough;
        bool isForeign = (wire?.Api ?? call.Attempt.Request.Api) != provider.ChatApi;
        if (isForeign && (wire is null ? PromptCache.IsMarked(call.Attempt.Request) : PromptCache.IsMarked(wire)))
            call.Trace.Warn($"cache_control: marks for a prompt cache were not carried to deployment `{call.Deployment.Name}`, which speaks another API; what is kept there follows its server and `prompt_cache`.");
    }

    private static CacheRule? RuleOf(ChatCall call, ProviderOptions provider)
    {
        bool isOff = (call.Deployment.PromptCache ?? provider.PromptCache) == PromptCacheMode.Off;
        return isOff || provider.ChatApi is not { } api ? null : CacheRules.For(call.Deployment.NameOfFamily, provider.ServerOfTables, api);
    }
}
