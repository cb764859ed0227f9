using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Dialects.PromptCaching;

/// <summary>The order of tools in prompts that are rendered here: by name, so that a client that lists them differently each time still begins with the same bytes.</summary>
public static class StableTools
{
    /// <summary>The request with its tools in that order; itself where they are.</summary>
    public static ChatRequest Of(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        for (int i = 1; i < request.Tools.Count; i++)
        {
            if (string.CompareOrdinal(request.Tools[i - 1].Name, request.Tools[i].Name) > 0) return request with { Tools = [.. request.Tools.OrderBy(tool => tool.Name, StringComparer.Ordinal)] };
        }

        return request;
    }
}
