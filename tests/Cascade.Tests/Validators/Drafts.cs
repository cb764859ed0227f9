using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Tests.Validators;

/// <summary>Validators as a route makes them, and drafts to show them.</summary>
internal static class Drafts
{
    public static IValidator Validator(string name, string options, string folder = "/")
    {
        using var json = JsonDocument.Parse(options);
        return ValidatorCatalogue.Find(name)!.Create(json.RootElement.Clone(), folder);
    }

    public static Problem Refused(string name, string options, string folder = "/") => Assert.Throws<ProblemException>(() => Validator(name, options, folder)).Problem;

    public static Draft Of(string text) => Of(new ChatAnswer { Choices = [new ChatChoice { Index = 0, Text = text, FinishReason = FinishReason.Stop }] });

    public static Draft Of(ChatAnswer answer) => new(answer, new AttemptRecord { Deployment = "weak", Purpose = AttemptPurpose.Draft, Started = default });

    public static ValidationContext Context(IAttempter? attempter = null, TimeProvider? time = null, ChatRequest? request = null) => new()
    {
        Request = request ?? Run.Question(),
        Route = Run.Route(),
        Attempter = attempter ?? new ScriptedAttempter(TimeProvider.System),
        Trace = new RequestTrace(),
        Time = time ?? TimeProvider.System,
    };

    public static ValueTask<Verdict> JudgeAsync(this IValidator validator, string text, ValidationContext? context = null) =>
        validator.JudgeAsync(Of(text), context ?? Context(), TestContext.Current.CancellationToken);
}
