using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Running;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Running;

public class SessionLatchTests
{
    private readonly FakeTime time = new();
    private readonly ScriptedAttempter attempter = new ScriptedAttempter(TimeProvider.System).On("weak", "40").On("strong", "42");
    private readonly Route route = Run.Route(FakeValidator.Wants("42")) with { Latch = new LatchPolicy(2, TimeSpan.FromMinutes(10)) };
    private readonly CascadeRunner runner;

    public SessionLatchTests() => runner = new CascadeRunner(time);

    [Fact]
    public async Task Latch_AfterConsecutiveEscalations_GoesStraightToTheStrongest()
    {
        Assert.Equal((2, 2, 1), await ThriceAsync("a"));
        Assert.Equal(2, await AttemptsAsync("b"));
    }

    [Fact]
    public async Task Latch_AnAcceptedDraftBetween_StartsOver()
    {
        await AttemptsAsync("a");
        attempter.On("weak", "42");
        await AttemptsAsync("a");
        attempter.On("weak", "40");
        Assert.Equal((2, 2, 1), await ThriceAsync("a"));
    }

    [Fact]
    public async Task Latch_Expired_DraftsAgain()
    {
        await AttemptsAsync("a");
        await AttemptsAsync("a");
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(1, await AttemptsAsync("a"));
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(1, await AttemptsAsync("a"));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((2, 2, 1), await ThriceAsync("a"));
    }

    [Fact]
    public async Task Latch_NoSession_NeverHolds()
    {
        for (int i = 0; i < 4; i++) Assert.Equal(2, await AttemptsAsync(null));
    }

    [Fact]
    public void Latch_FullOfSessions_ForgetsTheOldest()
    {
        var latch = new SessionLatch(time, capacity: 2);
        var once = route with { Latch = new LatchPolicy(1, TimeSpan.FromHours(1)) };
        var escalated = new RequestTrace();
        escalated.Open(new AttemptRecord { Deployment = "strong", Purpose = AttemptPurpose.Escalation, Stage = 1, Started = time.GetUtcNow() });
        CascadeRequest Of(string session) => new() { Route = once, Request = Run.Question(), Session = session };
        latch.Note(Of("a"), escalated);
        latch.Note(Of("b"), escalated);
        latch.Note(Of("a"), escalated);
        latch.Note(Of("c"), escalated);
        Assert.Equal([true, false, true], [latch.Holds(Of("a")), latch.Holds(Of("b")), latch.Holds(Of("c"))]);
    }

    [Fact]
    public void Key_OfAGrowingConversation_StaysAndIsTheCallersOwn()
    {
        var first = Run.Question();
        var later = first with { Messages = [.. first.Messages, ChatMessage.Of(ChatRole.Assistant, "42"), ChatMessage.Of(ChatRole.User, "Why?")] };
        Assert.Equal(SessionKey.Of("key_1", null, first), SessionKey.Of("key_1", null, later));
        Assert.NotEqual(SessionKey.Of("key_1", null, first), SessionKey.Of("key_2", null, first));
        Assert.NotEqual(SessionKey.Of("key_1", null, first), SessionKey.Of("key_1", null, Run.Question("Else?")));
        Assert.Equal(SessionKey.Of("key_1", "s", first), SessionKey.Of("key_1", "s", Run.Question("Else?")));
        Assert.NotEqual(SessionKey.Of("key_1", "s", first), SessionKey.Of("key_1", null, first with { PromptCacheKey = "s" }));
    }

    private async Task<(int First, int Second, int Third)> ThriceAsync(string session) => (await AttemptsAsync(session), await AttemptsAsync(session), await AttemptsAsync(session));

    private async Task<int> AttemptsAsync(string? session) =>
        (await Run.OfAsync(route, attempter, runner: runner, with: request => request with { Session = session })).Trace.Attempts.Count;
}
