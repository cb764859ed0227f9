using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.PromptCaching;

namespace Countersign.Gateway.Providers.Http;

/// <summary>What the <see cref="WireFrames"/> that follow say of the answer: model, finish, usage; or what became of the request. For the attempt's record only; dispatch does not hand it on.</summary>
/// <param name="Events">Valid until the next event is asked for.</param>
internal sealed record WireFacts(IReadOnlyList<ChatEvent> Events) : ChatEvent;

/// <summary>What was put into the request for its upstream's prompt cache. Told before the request is sent.</summary>
internal sealed record PromptMarked(CacheMarking Marking) : ChatEvent;

/// <summary>The upstream has begun to answer, but has said nothing of the answer yet.</summary>
internal sealed record AnswerAwaited : ChatEvent
{
    public static readonly AnswerAwaited Seen = new();
}

/// <summary>The answer proper has begun: a frame that is passed on unread holds some of it.</summary>
internal sealed record AnswerBegun : ChatEvent
{
    public static readonly AnswerBegun Seen = new();
}
