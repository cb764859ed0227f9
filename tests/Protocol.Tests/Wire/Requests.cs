using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire;

/// <summary>Reads and writes requests of any API, as text.</summary>
internal static class Requests
{
    public static ChatRequest Read(WireApiKind api, string body) => WireRequestScanner.Scan(api, Encoding.UTF8.GetBytes(body)).Parsed;

    public static JsonNode Write(WireApiKind api, ChatRequest request, ICollection<string>? warnings = null, bool stream = false, string model = "upstream", string? maker = null, string? server = null)
    {
        var output = new ArrayBufferWriter<byte>();
        UpstreamApi.Of(api).WriteRequest(request, new WireTarget(model, stream, server) { Maker = maker }, output, warnings ?? []);
        return JsonNode.Parse(output.WrittenSpan)!;
    }

    /// <summary>The problem that reading or writing ends with.</summary>
    public static Problem Refused(Action action) => Assert.Throws<ProblemException>(action).Problem;

    /// <summary>Asserts that a request read in an API goes to an upstream of it with every field as written, but for the model.</summary>
    public static void AssertKept(WireApiKind api, string body)
    {
        List<string> warnings = [];
        var expected = JsonNode.Parse(body)!;
        expected["model"] = "upstream";
        WireTesting.AssertSame(expected.ToJsonString(), Write(api, Read(api, body), warnings));
        Assert.Empty(warnings);
    }
}
