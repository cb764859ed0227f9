using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Countersign.Cascade.Tests.ChatClients;

/// <summary>A chat client that answers by a function.</summary>
internal sealed class FakeChatClient(Func<IList<ChatMessage>, ChatOptions?, IEnumerable<ChatResponseUpdate>> answer) : IChatClient
{
    public List<(IList<ChatMessage> Messages, ChatOptions? Options)> Asked { get; } = [];

    /// <summary>Says a text, word by word, and counts.</summary>
    public static FakeChatClient Saying(string text, long input = 10, long output = 20) => new((_, _) =>
        text.Split(' ').Select((word, i) => Update(new TextContent(i == 0 ? word : " " + word))).Append(Update(new UsageContent(new UsageDetails { InputTokenCount = input, OutputTokenCount = output }))));

    public static ChatResponseUpdate Update(params AIContent[] contents) => new(ChatRole.Assistant, contents) { ResponseId = "r1", ModelId = "tiny" };

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IList<ChatMessage> list = [.. messages];
        Asked.Add((list, options));
        foreach (var update in answer(list, options))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
