using System.Text;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using static Countersign.Protocol.Tests.Wire.WireTesting;

namespace Countersign.Protocol.Tests.Wire.OpenAiChat;

/// <summary>Mutated requests and answers: whatever comes, the worst is a <see cref="ProblemException"/>.</summary>
public sealed class OpenAiChatFuzzTests
{
    private const string Request = """
        {"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"\u00e9\ud83d\ude00"},{"type":"image_url","image_url":{"url":"data:a/b;base64,QQ=="}}]},
         {"role":"assistant","content":null,"reasoning_details":[{"text":"t"}],"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"x"}],
         "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":{"type":"function","function":{"name":"f"}},"response_format":{"type":"json_schema","json_schema":{"schema":{}}},
         "max_tokens":9,"temperature":0.5,"stop":["a"],"seed":1,"n":1,"logprobs":true,"top_logprobs":2,"reasoning":{"effort":"low"},"chat_template_kwargs":{"enable_thinking":true},"stream":true,"stream_options":{"include_usage":false}}
        """;

    private static readonly string Stream = string.Concat(OpenAiChatAnswerReaderTests.Recorded.Select(row => row.Data.Item2));

    private static readonly string[] Words = ["null", "true", "-1", "1e400", "99999999999999999999", "\"\"", "\"x\"", "[]", "{}", "[[[]]]", "\\ud800", "\\", "\"", "{", "]", ",", ":", "é", "\0", "\r", "\n\n", "data: ", "[DONE]", "model", "role"];

    [Fact]
    public void Request_Mutated_IsReadOrRefused()
    {
        var random = new Random(1);
        byte[] original = Encoding.UTF8.GetBytes(Request);
        int read = 0;
        for (int round = 0; round < 8_000; round++)
        {
            byte[] body = Mutate(original, random);
            try
            {
                var wire = WireRequestScanner.Scan(WireApiKind.OpenAiChat, body);
                Written(output => WireForward.Write(wire, new WireTarget("up", wire.Stream), 5, output));
                WriteChat(wire.Parsed with { MaxOutputTokens = 3 });
                read++;
            }
            catch (ProblemException e)
            {
                Assert.Equal(ProblemKind.InvalidRequest, e.Problem.Kind);
            }
        }

        Assert.InRange(read, 500, 7_500);
    }

    [Fact]
    public void Stream_Mutated_IsReadOrFails()
    {
        var random = new Random(2);
        byte[] original = Encoding.UTF8.GetBytes(Stream);
        for (int round = 0; round < 1_000; round++)
        {
            byte[][] pieces = [.. Mutate(original, random).Chunk(random.Next(1, 500))];
            var reader = WireApi.For(WireApiKind.OpenAiChat).NewAnswerReader();
            try
            {
                var events = AnswerTesting.ReadStream(reader, pieces);
                Streams.Write(WireApi.For(WireApiKind.OpenAiChat).NewAnswerWriter(new AnswerHead("r", "m", default, ReadChat(Request))), events, null);
            }
            catch (ProblemException e)
            {
                Assert.NotEqual(ProblemKind.Internal, e.Problem.Kind);
            }
        }
    }

    [Fact]
    public void ForwardedRequest_Mutated_HasTheSameMeaningAsTheWrittenOne()
    {
        var random = new Random(3);
        byte[] original = Encoding.UTF8.GetBytes(Request);
        for (int round = 0; round < 2_000; round++)
        {
            try
            {
                var wire = WireRequestScanner.Scan(WireApiKind.OpenAiChat, Mutate(original, random));
                if (!wire.Stream) continue; // Then stream_options means nothing, and only forwarding keeps it.
                var parsed = wire.Parsed;
                string forwarded = Written(output => WireForward.Write(wire, new WireTarget("up", wire.Stream), null, output));
                AssertSame(forwarded, WriteChat(parsed, new WireTarget("up", wire.Stream)));
            }
            catch (ProblemException e)
            {
                Assert.Equal(ProblemKind.InvalidRequest, e.Problem.Kind);
            }
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = new List<byte>(original);
        for (int edits = random.Next(1, 3); edits > 0; edits--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, Encoding.UTF8.GetBytes(random.GetItems(Words, 1)[0])); break;
                case 3: ReplaceValue(bytes, at, Encoding.UTF8.GetBytes(random.GetItems(Words, 1)[0])); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at))); break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Puts <paramref name="word"/> in the place of what stands between the next colon and the comma after it.</summary>
    private static void ReplaceValue(List<byte> bytes, int at, byte[] word)
    {
        int colon = bytes.IndexOf((byte)':', at);
        int comma = colon < 0 ? -1 : bytes.FindIndex(colon, b => b is (byte)',' or (byte)'}' or (byte)']');
        if (comma < 0) return;
        bytes.RemoveRange(colon + 1, comma - colon - 1);
        bytes.InsertRange(colon + 1, word);
    }
}
