using Countersign.Protocol.Chat;

namespace Countersign.Gateway.Providers.Http;

/// <summary>What the <see cref="WireFrames"/> that follow say of the answer: model, finish, usage. For the attempt's record only; dispatch does not hand it on.</summary>
/// <param name="Events">Valid until the next event is asked for.</param>
internal sealed record WireFacts(IReadOnlyList<ChatEvent> Events) : ChatEvent;
