using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Countersign.Cascade.Validators.Command;

/// <summary>Lets a program judge: the request and the draft on its standard input as JSON (<see cref="DraftJson"/>), the verdict on its standard output
/// (<see cref="VerdictJson"/>; an accept counts only with exit code 0), or, where it prints none, by its exit code: 0 accepts, 1 rejects with what it wrote to standard error, all else is unknown.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing; the validator lives as long as its route.")]
internal sealed class CommandValidator : IValidator
{
    private const int MaxErrorCharacters = 2000;
    private readonly CommandOptions options, resolved;
    private readonly SemaphoreSlim places;

    /// <param name="options">What to run, and its limits.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    public CommandValidator(CommandOptions options, string folder)
    {
        options.Check();
        (this.options, resolved) = (options, options with { Run = ProgramLine.Resolve(options.Run, folder) });
        places = new SemaphoreSlim(options.Parallel);
    }

    public string Name => "command";

    public string Description => $"The program `{string.Join(' ', options.Run)}` accepts it ({Sandbox.Describe(options)}).";

    public ValidatorCost Cost => ValidatorCost.Process;

    public async ValueTask<Verdict> JudgeAsync(Draft draft, ValidationContext context, CancellationToken cancellationToken)
    {
        byte[] input = DraftJson.Write(draft, context);
        await places.WaitAsync(cancellationToken);
        try
        {
            return VerdictOf(await Sandbox.RunAsync(resolved, input, context.Time, cancellationToken));
        }
        finally
        {
            places.Release();
        }
    }

    private Verdict VerdictOf(ProgramResult result)
    {
        if (result.Problem is { } problem) return Verdict.Unknown($"`{options.Run[0]}` {problem}");
        string said = Encoding.UTF8.GetString(result.Output).Trim();
        if (said.StartsWith('{')) return PrintedVerdict(result);
        return result.ExitCode switch
        {
            0 => Verdict.Accept,
            1 => Verdict.Reject(new Finding(Reason(result, said))),
            int code => Verdict.Unknown($"`{options.Run[0]}` ended with exit code {code}."),
        };
    }

    // A program that fails has not come to its end, whatever it printed until then.
    private Verdict PrintedVerdict(ProgramResult result)
    {
        if (VerdictJson.Read(result.Output) is not { } verdict) return Verdict.Unknown($"`{options.Run[0]}` printed a verdict that cannot be read.");
        return verdict.Kind is VerdictKind.Accept && result.ExitCode != 0 ? Verdict.Unknown($"`{options.Run[0]}` printed that it accepts, but ended with exit code {result.ExitCode}.") : verdict;
    }

    private static string Reason(ProgramResult result, string said)
    {
        string error = Encoding.UTF8.GetString(result.Error).Trim();
        string reason = error.Length > 0 ? error : said.Length > 0 ? said : "The program rejects it.";
        return reason.Length <= MaxErrorCharacters ? reason : "..." + reason[^MaxErrorCharacters..];
    }
}
