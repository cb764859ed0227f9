using Countersign.Protocol.Wire.Completions;
using static Countersign.Protocol.Tests.Wire.AnswerTesting;

namespace Countersign.Protocol.Tests.Wire.Completions;

public sealed class CompletionAnswerReaderTests
{
    /// <summary>Several prompts have their choices each, so that there may be more than one prompt can have.</summary>
    [Theory]
    [InlineData(300, true)]
    [InlineData(299, false)]
    public void IsComplete_ManyChoices_OnceAllOfThemHaveFinished(int finished, bool isComplete)
    {
        var reader = new CompletionAnswerReader(300);
        var events = ReadStream(reader, StreamOf([.. Enumerable.Range(0, finished).Select(index => $$"""{"choices":[{"index":{{index}},"text":"a","finish_reason":"stop"}]}""")]));

        Assert.Equal(isComplete, reader.IsComplete);
        Assert.Contains($"{finished - 1} text a", Lines(events));
    }

    [Fact]
    public void ReadFrame_DoneWithoutReason_EndsTheChoice() =>
        Assert.Equal(["start  ", "0 text a", "0 Unknown"], Lines(ReadStream(new CompletionAnswerReader(1), StreamOf("""{"choices":[{"index":0,"text":"a"}]}""", "[DONE]"))));
}
