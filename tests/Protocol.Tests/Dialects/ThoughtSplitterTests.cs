using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;

namespace Countersign.Protocol.Tests.Dialects;

public sealed class ThoughtSplitterTests
{
    [Theory]
    [InlineData(false, "<think>hm</think>\n\nyes", "hm", "yes")]
    [InlineData(false, "\n<think>hm</think>yes", "hm", "yes")]
    [InlineData(false, "<think>a thought that is longer than what is kept back to see how a text begins, as whole answers bring it at once</think>yes", "a thought that is longer than what is kept back to see how a text begins, as whole answers bring it at once", "yes")]
    [InlineData(false, "a thought that is longer than what is kept back to see how a text begins, as whole answers bring it at once <think>", "", "a thought that is longer than what is kept back to see how a text begins, as whole answers bring it at once <think>")]
    [InlineData(false, "plain text", "", "plain text")]
    [InlineData(false, "use <think> tags", "", "use <think> tags")]
    [InlineData(false, "<thin air", "", "<thin air")]
    [InlineData(false, "hm</think>yes", "", "hm</think>yes")]
    [InlineData(false, "<think>cut off", "cut off", "")]
    [InlineData(true, "hm</think>yes", "hm", "yes")]
    [InlineData(true, "<think>hm</think>yes", "hm", "yes")]
    [InlineData(true, "no thought at all", "", "no thought at all")] // nothing closed it: it never was one
    [InlineData(true, "", "", "")]
    public void Take_AnySplit_TellsThoughtFromText(bool mayStartInThought, string content, string thought, string text)
    {
        for (int size = 1; size <= Math.Max(1, content.Length); size++)
        {
            var answer = Read(new ThoughtSplitter(ThoughtMarks.Think, mayStartInThought), Pieces(content, size));
            Assert.Equal((thought, text), (string.Concat(answer.Reasoning.Select(part => part.Text)).Trim(), answer.Text.Trim()));
        }
    }

    [Fact]
    public void Take_ServerThatKeepsThemApart_IsLeftAlone()
    {
        var answer = Read(new ThoughtSplitter(ThoughtMarks.Think, mayStartInThought: true), [new ReasoningDelta(0, "hm"), new TextDelta(0, "<think>is a tag</think>")]);
        Assert.Equal(("hm", "<think>is a tag</think>"), (answer.Reasoning.Single().Text, answer.Text));
    }

    [Fact]
    public void Take_CallAfterText_ComesAfterIt()
    {
        var events = new List<ChatEvent>();
        var splitter = new ThoughtSplitter(ThoughtMarks.Think, mayStartInThought: true);
        splitter.Take(new TextDelta(0, "looking"), events);
        Assert.Empty(events);
        splitter.Take(new ToolCallDelta(0, 0, "id", "f", "{}"), events);
        Assert.Equal([new TextDelta(0, "looking"), new ToolCallDelta(0, 0, "id", "f", "{}")], events);
    }

    private static IEnumerable<ChatEvent> Pieces(string content, int size) => content.Chunk(size).Select(piece => new TextDelta(0, new string(piece)));

    private static ChatChoice Read(ThoughtSplitter splitter, IEnumerable<ChatEvent> given)
    {
        var events = new List<ChatEvent>();
        foreach (var chatEvent in given.Append(new ChoiceFinished(0, FinishReason.Stop))) splitter.Take(chatEvent, events);
        var builder = new AnswerBuilder();
        foreach (var chatEvent in events) builder.Add(chatEvent);
        return builder.Build().Choices.Single();
    }
}
