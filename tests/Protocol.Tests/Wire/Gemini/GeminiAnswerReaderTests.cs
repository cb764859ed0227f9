using System.Text;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire.Gemini;

public class GeminiAnswerReaderTests
{
    private static readonly string Thinking = AnswerTesting.StreamOf(
        """{"candidates":[{"content":{"parts":[{"text":"Let me see.","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":100,"thoughtsTokenCount":3,"totalTokenCount":103},"modelVersion":"gemini-x","responseId":"resp_1"}""",
        """{"candidates":[{"content":{"parts":[{"text":"Grüße, "}],"role":"model"}}],"modelVersion":"gemini-x","responseId":"resp_1"}""",
        """{"candidates":[{"content":{"parts":[{"text":"日本 👩‍🚀"}],"role":"model"}}],"modelVersion":"gemini-x","responseId":"resp_1"}""",
        """{"candidates":[{"content":{"parts":[{"functionCall":{"id":"fc_1","name":"weather","args":{"city":"Rome"}},"thoughtSignature":"c2VhbA=="},{"functionCall":{"id":"fc_2","name":"now"}}],"role":"model"}}],"modelVersion":"gemini-x","responseId":"resp_1"}""",
        """{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":20,"thoughtsTokenCount":30,"totalTokenCount":150},"modelVersion":"gemini-x","responseId":"resp_1"}""");

    private const string Whole = """
        {"candidates":[{"content":{"parts":[{"text":"Let me see.","thought":true},{"text":"Grüße, 日本 👩‍🚀"},
          {"functionCall":{"id":"fc_1","name":"weather","args":{"city":"Rome"}},"thoughtSignature":"c2VhbA=="},{"functionCall":{"id":"fc_2","name":"now","args":{}}}],"role":"model"},"finishReason":"STOP"}],
         "usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":20,"thoughtsTokenCount":30,"totalTokenCount":150},"modelVersion":"gemini-x","responseId":"resp_1"}
        """;

    [Fact]
    public void Stream_EveryKindOfPart_BecomesEvents()
    {
        var reader = New();
        Assert.Equal(
        [
            "start resp_1 gemini-x", "0 think Let me see.", "usage in=100 cached= written= out= reasoning=", "0 text Grüße, ", "0 text 日本 👩‍🚀",
            "0 think  signature=c2VhbA==", "0 call 0 id=fc_1 name=weather {\"city\":\"Rome\"}", "0 call 1 id=fc_2 name=now {}",
            "0 ToolCalls", "usage in=100 cached=40 written= out=50 reasoning=30",
        ], AnswerTesting.Lines(AnswerTesting.ReadStream(reader, Thinking)));
        Assert.True(reader.IsComplete);
    }

    [Fact]
    public void Stream_CutAtAnyByte_GivesTheSameAnswer()
    {
        byte[] stream = Encoding.UTF8.GetBytes(Thinking);
        string expected = Streams.Lines(AnswerTesting.ReadStream(New(), Thinking));
        for (int at = 1; at < stream.Length; at++)
            Assert.Equal(expected, Streams.Lines(AnswerTesting.ReadStream(New(), [stream[..at], stream[at..]])));
    }

    [Fact]
    public void Stream_EndingAnywhereEarlier_IsNotComplete()
    {
        string[] frames = Thinking.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        for (int count = 0; count < frames.Length; count++)
        {
            var reader = New();
            AnswerTesting.ReadStream(reader, string.Concat(frames.Take(count).Select(frame => frame + "\n\n")));
            Assert.False(reader.IsComplete);
        }
    }

    [Fact]
    public void Stream_DamagedAnywhere_EndsInAProblemOrAnAnswer()
    {
        var random = new Random(11);
        for (int round = 0; round < 400; round++)
        {
            byte[] stream = Encoding.UTF8.GetBytes(Thinking);
            for (int i = 0; i < 5; i++) stream[random.Next(stream.Length)] = (byte)random.Next(256);
            try
            {
                Streams.Build(AnswerTesting.ReadStream(New(), [stream]));
            }
            catch (ProblemException e)
            {
                Assert.Equal(ProblemKind.UpstreamFailed, e.Problem.Kind);
            }
        }
    }

    [Fact]
    public void Whole_SameAnswer_AddsUpToTheSame()
    {
        var streamed = Streams.Build(AnswerTesting.ReadStream(New(), Thinking));
        var whole = Streams.Build(Streams.ReadWhole(New(), Whole));
        Assert.Equal((streamed.Id, streamed.Model, streamed.Text, streamed.Usage), (whole.Id, whole.Model, whole.Text, whole.Usage));
        Assert.Equal([new ReasoningPart("Let me see.", "c2VhbA==", null, Makers.Google)], whole.Choices[0].Reasoning);
        Assert.Equal(streamed.Choices[0].Reasoning, whole.Choices[0].Reasoning);
        Assert.Equal([new ToolCall("fc_1", "weather", "{\"city\":\"Rome\"}"), new ToolCall("fc_2", "now", "{}")], whole.Choices[0].ToolCalls);
        Assert.Equal(FinishReason.ToolCalls, whole.Choices[0].FinishReason);
    }

    [Theory]
    [InlineData("STOP", FinishReason.Stop)]
    [InlineData("MAX_TOKENS", FinishReason.Length)]
    [InlineData("SAFETY", FinishReason.ContentFilter)]
    [InlineData("RECITATION", FinishReason.ContentFilter)]
    [InlineData("PROHIBITED_CONTENT", FinishReason.ContentFilter)]
    [InlineData("OTHER", FinishReason.Unknown)]
    [InlineData("SOMETHING_NEW", FinishReason.Unknown)]
    public void FinishReason_OfGoogle_IsRead(string reason, FinishReason expected) =>
        Assert.Equal(expected, Streams.Build(Streams.ReadWhole(New(), $$"""{"candidates":[{"finishReason":"{{reason}}"}]}""")).Choices[0].FinishReason);

    [Fact]
    public void Call_ThatGoogleCouldNotRead_IsAFindingAndNoCall()
    {
        var choice = Streams.Build(Streams.ReadWhole(New(), """{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"Malformed function call: print(default_api.weather("}]}""")).Choices[0];
        Assert.Empty(choice.ToolCalls);
        Assert.Contains("print(default_api.weather(", Assert.Single(choice.ParserFindings), StringComparison.Ordinal);
        Assert.Equal(FinishReason.Unknown, choice.FinishReason);
    }

    [Fact]
    public void Call_WithoutAnId_GetsOne() =>
        Assert.StartsWith("call_", Streams.Build(Streams.ReadWhole(New(), """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"now"}}]},"finishReason":"STOP"}]}""")).Choices[0].ToolCalls[0].Id, StringComparison.Ordinal);

    [Fact]
    public void Part_WithoutAFormOfOurs_IsAFinding()
    {
        var choice = Streams.Build(Streams.ReadWhole(New(), """{"candidates":[{"content":{"parts":[{"text":"Here: "},{"inlineData":{"mimeType":"image/png","data":"AA=="}}]},"finishReason":"STOP"}]}""")).Choices[0];
        Assert.Equal("Here: ", choice.Text);
        Assert.Contains("inlineData", Assert.Single(choice.ParserFindings), StringComparison.Ordinal);
    }

    [Fact]
    public void Candidates_Several_AreChoices()
    {
        var reader = New();
        var answer = Streams.Build(AnswerTesting.ReadStream(reader, AnswerTesting.StreamOf(
            """{"candidates":[{"content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"b"}]},"index":1,"finishReason":"STOP"}]}""")));
        Assert.Equal(["a", "b"], answer.Choices.Select(choice => choice.Text));
        Assert.False(reader.IsComplete);
    }

    [Fact]
    public void Logprobs_Given_AreRead()
    {
        var events = Streams.ReadWhole(New(), """
            {"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP","logprobsResult":{
              "topCandidates":[{"candidates":[{"token":"Hi","tokenId":1,"logProbability":-0.25},{"token":"Yo","tokenId":2,"logProbability":-2}]}],
              "chosenCandidates":[{"token":"Hi","tokenId":1,"logProbability":-0.25}]}}]}
            """);
        Assert.Contains("0 logprobs Hi=-0.25(Hi Yo)", AnswerTesting.Lines(events));
    }

    [Theory]
    [InlineData("""{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9}}""", ProblemKind.InvalidRequest, "PROHIBITED_CONTENT")]
    [InlineData("""{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}""", ProblemKind.UpstreamUnavailable, "overloaded")]
    [InlineData("""{"usageMetadata":{}}""", ProblemKind.UpstreamFailed, "candidates")]
    [InlineData("[1]", ProblemKind.UpstreamFailed, "JSON object")]
    public void Whole_WithoutAnAnswer_IsAProblem(string body, ProblemKind kind, string word)
    {
        var problem = Assert.Throws<ProblemException>(() => Streams.ReadWhole(New(), body)).Problem;
        Assert.Equal(kind, problem.Kind);
        Assert.Contains(word, problem.Message, StringComparison.Ordinal);
        Assert.Null(problem.UpstreamStatus);
    }

    private static AnswerReader New() => UpstreamApi.Of(WireApiKind.Gemini).NewAnswerReader();
}
