using Countersign.Protocol.Chat;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Ids of earlier calls in the form that a model's server demands. The same id always becomes the same other one, so that a result still names its call;
/// the ids that the model makes itself have that form, so that they go out to the client and come back as they are.</summary>
public static class FittingCallIds
{
    /// <summary>The request with ids that the model asked takes; the same request where all do.</summary>
    /// <param name="request">The request.</param>
    /// <param name="family">The model's family, or its name.</param>
    public static ChatRequest For(ChatRequest request, string family)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.Messages.Any(HasUnfit) || !AreDemanded(family)) return request;
        return request with { Messages = [.. request.Messages.Select(message => HasUnfit(message) ? message with { Parts = [.. message.Parts.Select(Fit)], Wire = null } : message)] };
    }

    /// <summary>Whether a family's templates refuse ids of other forms.</summary>
    public static bool AreDemanded(string family) => ToolCallFormats.For(family) == ToolCallFormats.Mistral;

    private static bool HasUnfit(ChatMessage message) => message.Parts.Any(part => IdOf(part) is { } id && !CallIds.IsMistral(id));

    private static string? IdOf(ContentPart part) => part switch
    {
        ToolCallPart call => call.Call.Id,
        ToolResultPart result => result.CallId,
        _ => null,
    };

    private static ContentPart Fit(ContentPart part) => part switch
    {
        ToolCallPart call => new ToolCallPart(call.Call with { Id = CallIds.Mistral(call.Call.Id) }),
        ToolResultPart result => result with { CallId = CallIds.Mistral(result.CallId) },
        _ => part,
    };
}
