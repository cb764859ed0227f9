using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Running;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Cascade.Tests.Fakes;

/// <summary>A request run through a route, with all that came of it.</summary>
internal sealed class Run
{
    public RequestTrace Trace { get; } = new();

    public List<ChatEvent> Events { get; } = [];

    public string Text => string.Concat(Events.OfType<TextDelta>().Select(delta => delta.Text));

    public AttemptFailed? Failure => Events.OfType<AttemptFailed>().SingleOrDefault();

    public static ChatRequest Question(string text = "How much is 6 times 7?") =>
        new() { Api = WireApiKind.OpenAiChat, Model = "route", Messages = [ChatMessage.Of(ChatRole.User, text)] };

    /// <summary>A route: <c>weak</c> drafts, <c>strong</c> follows.</summary>
    public static Route Route(params IValidator[] validators) => new()
    {
        Name = "route",
        Draft = new Stage { Deployments = ["weak"] },
        Escalation = [new Stage { Deployments = ["strong"] }],
        Validators = validators,
    };

    public static async Task<Run> OfAsync(Route route, IAttempter attempter, TimeProvider? time = null, ChatRequest? request = null, CascadeRunner? runner = null,
        Func<CascadeRequest, CascadeRequest>? with = null, CancellationToken cancellationToken = default)
    {
        var run = new Run();
        await run.GoAsync(route, attempter, time, request, runner, with, cancellationToken);
        return run;
    }

    public async Task GoAsync(Route route, IAttempter attempter, TimeProvider? time = null, ChatRequest? request = null, CascadeRunner? runner = null,
        Func<CascadeRequest, CascadeRequest>? with = null, CancellationToken cancellationToken = default)
    {
        runner ??= new CascadeRunner(time ?? TimeProvider.System);
        var cascade = new CascadeRequest { Route = route, Request = request ?? Question() };
        await foreach (var chatEvent in runner.RunAsync(with?.Invoke(cascade) ?? cascade, Trace, attempter, cancellationToken)) Events.Add(chatEvent);
    }
}
