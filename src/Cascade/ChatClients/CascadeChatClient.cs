using System.Runtime.CompilerServices;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Running;
using Countersign.Protocol.Problems;
using Microsoft.Extensions.AI;

namespace Countersign.Cascade.ChatClients;

/// <summary>A route as an <see cref="IChatClient"/>: drafts, verdicts, repair and escalation behind the interface that .NET programs use. Thread-safe.
/// The last update (and a whole response) carries the <see cref="RequestTrace"/> under <see cref="TraceKey"/>, and the usage of all attempts.</summary>
/// <param name="route">The way its requests go.</param>
/// <param name="attempter">Who makes the attempts.</param>
/// <param name="runner">Runs them; shared by all clients of a program.</param>
public sealed class CascadeChatClient(Route route, IAttempter attempter, CascadeRunner runner) : IChatClient
{
    /// <summary>The key of the trace in <c>AdditionalProperties</c>.</summary>
    public const string TraceKey = "countersign.trace";

    /// <inheritdoc/>
    /// <exception cref="ProblemException">No answer: why is in its <see cref="ProblemException.Problem"/>.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var trace = new RequestTrace();
        var response = await RunAsync(messages, options, stream: false, trace, cancellationToken).ToChatResponseAsync(cancellationToken);
        (response.AdditionalProperties ??= [])[TraceKey] = trace;
        return response;
    }

    /// <inheritdoc/>
    /// <exception cref="ProblemException">No answer, or its end is missing.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(messages, options, stream: true, new RequestTrace(), cancellationToken);

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: the attempter is not its own.</summary>
    public void Dispose()
    {
    }

    private async IAsyncEnumerable<ChatResponseUpdate> RunAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream, RequestTrace trace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new CascadeRequest { Route = route, Request = ClientOptions.From(route.Name, messages, options, stream), Session = options?.ConversationId };
        var writer = new UpdateWriter();
        await foreach (var chatEvent in runner.RunAsync(request, trace, attempter, cancellationToken))
        {
            if (writer.Write(chatEvent) is { } update) yield return update;
        }

        yield return writer.End(trace);
    }
}
