using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire;

/// <summary>Short forms of what tests of the wire do over and over.</summary>
internal static class WireTesting
{
    private static WireApi Chat => WireApi.For(WireApiKind.OpenAiChat);

    public static ChatRequest ReadChat(string body) => WireRequestScanner.Scan(WireApiKind.OpenAiChat, Encoding.UTF8.GetBytes(body)).Parsed;

    /// <summary>A request of a user's "hi" and the given further fields.</summary>
    public static ChatRequest ReadChatWith(string fields) => ReadChat($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],{{fields}}}""");

    public static JsonNode WriteChat(ChatRequest request, WireTarget? target = null, ICollection<string>? warnings = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Chat.WriteRequest(request, target ?? new WireTarget(request.Model, request.Stream), output, warnings ?? []);
        return JsonNode.Parse(output.WrittenSpan)!;
    }

    public static void AssertSame(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut got {actual?.ToJsonString()}");

    /// <summary>Writes with <paramref name="write"/>, gives the text.</summary>
    public static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
