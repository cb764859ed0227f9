using System.Buffers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Completions;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Passes <c>/v1/completions</c> on to an upstream of the same API, and its answer to the client.</summary>
internal static class CompletionForwarding
{
    /// <summary>What is sent.</summary>
    public static ReadOnlyMemory<byte> Body(CompletionCall call)
    {
        var body = new ArrayBufferWriter<byte>(call.Request.Length + 256);
        CompletionForward.Write(call.Request, call.Deployment.Model, body);
        return body.WrittenMemory;
    }

    /// <summary>What comes back. A stream's usage is read, and shown to a client who asked for it.</summary>
    public static IAsyncEnumerable<ChatEvent> EventsOf(Func<ValueTask<UpstreamAnswer>> send, CompletionCall call, CallTimer timer)
    {
        int choices = call.Request.Settings.ChoiceCount * call.Request.Prompts.Count;
        var reader = new CompletionAnswerReader(choices);
        return call.Request.Settings.Stream
            ? AnswerEvents.ForwardStreamAsync(send, reader, WireApiKind.OpenAiChat, timer, call.Request.Settings.IncludeUsage, left: null, choices)
            : AnswerEvents.ForwardWholeAsync(send, reader, left: null);
    }
}
