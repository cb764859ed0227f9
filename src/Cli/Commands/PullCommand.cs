using System.CommandLine;
using Countersign.Cli.Catalogue;
using Countersign.Cli.Hub;
using Countersign.Gateway.Configuration;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign models pull</c>: brings a model from a hub, verified.</summary>
internal static class PullCommand
{
    private const string Description = """
        Brings a GGUF model from a model hub into a folder: shows its licence and size first, goes on after an interruption, and gives no file its name before its published SHA-256 is verified.

        HF_ENDPOINT names another hub than https://huggingface.co; HF_TOKEN is sent to that hub only.
        """;

    public static Command Create()
    {
        var (model, folder) = (Reference(), Models.Folder());
        var revision = new Option<string?>("--revision") { Description = "A branch, a tag or a commit. Left out: the hub's main branch.", HelpName = "REV" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Does not ask first." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Shows what would be pulled, and pulls nothing." };
        var anyway = new Option<bool>("--anyway") { Description = "Also a quantisation that the engine here cannot read, for another server." };
        var command = new DocumentedCommand(
            "pull", Description,
            "countersign models pull bartowski/Qwen2.5-0.5B-Instruct-GGUF", "countersign models pull bartowski/Qwen2.5-0.5B-Instruct-GGUF:Q8_0 --yes", "countersign models pull unsloth/Qwen3-30B-A3B-GGUF:Q4_K_M --models ~/gguf --dry-run") { model, folder, revision, yes, dryRun, anyway };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (terminal, reference) = (new Terminal(parsed), HubReference.TryParse(parsed.GetRequiredValue(model))!);
            return GuardAsync(terminal, () => RunAsync(reference, parsed.GetRequiredValue(folder), parsed.GetValue(revision), parsed.GetValue(yes), parsed.GetValue(dryRun), parsed.GetValue(anyway), terminal, cancellationToken), cancellationToken);
        });
        return command;
    }

    private static Argument<string> Reference()
    {
        var argument = new Argument<string>("model") { Description = "The repository on the hub, org/repo; after a colon the quantisation (org/repo:Q4_K_M) or the file. Left out: Q4_K_M, or what is nearest to it." };
        argument.Validators.Add(result => { if (HubReference.TryParse(result.Tokens[0].Value) is null) result.AddError($"'{result.Tokens[0].Value}' is not of the form org/repo or org/repo:Q4_K_M."); });
        return argument;
    }

    private static async Task<int> RunAsync(HubReference reference, string folder, string? revision, bool yes, bool dryRun, bool anyway, Terminal terminal, CancellationToken cancellationToken)
    {
        var options = HubOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        using var client = new HubClient(options);
        var repository = await client.DescribeAsync(reference.Repository, revision, cancellationToken);
        var models = HubModel.Group(await client.ListAsync(repository, cancellationToken));
        var model = HubChoice.Choose(reference, models);
        if (!model.IsRead && !anyway) throw new HubException(HubChoice.Unread(reference, model, models));
        Show(reference, repository, model, options, folder, terminal);
        var pull = new ModelPull(client, repository, model, folder, options);
        var missing = pull.Missing(cancellationToken);
        if (missing.Count == 0)
        {
            terminal.Line($"It is in {folder} already, as published.", "green");
            return ExitCodes.Done;
        }

        long coming = pull.CheckDisk(missing);
        if (coming < missing.Sum(file => file.Size)) terminal.Line($"{CatalogueText.Bytes(coming)} are still to come.");
        if (dryRun) return ExitCodes.Done;
        if (!yes && !await terminal.ConfirmAsync($"Pull {CatalogueText.Bytes(coming)}?", cancellationToken)) return ExitCodes.Failed;
        await terminal.WithProgressAsync($"pulling {model.Name}", progress => pull.RunAsync(missing, progress, cancellationToken));
        terminal.Line($"{pull.Path}: whole, and its SHA-256 is the published one. {(model.IsRead ? $"Try it: countersign chat {ModelFolder.NameOf(pull.Path)}" : "The engine here cannot read it.")}", "green");
        return ExitCodes.Done;
    }

    private static void Show(HubReference reference, HubRepository repository, HubModel model, HubOptions options, string folder, Terminal terminal) => terminal.Columns(
    [
        ("model", $"{repository.Name}, {model.Name}"),
        ("quantisation", $"{model.Quantisation ?? "the name tells none"}{(model.IsRead ? "" : ", which the engine here cannot read")}{(reference.Wanted is null ? " (the default choice; name another as ORG/REPO:NAME)" : "")}"),
        ("licence", repository.Licence ?? "the hub states none"),
        .. repository.IsGated ? new[] { ("access", $"gated: its terms are to be accepted at {options.Endpoint}/{repository.Name}") } : [],
        ("size", $"{CatalogueText.Bytes((long)Math.Min(model.Size, long.MaxValue))} in {(model.Parts == 1 ? "one file" : $"{model.Parts} files")}"),
        ("from", $"{options.Endpoint} at {repository.Commit}"),
        ("to", folder),
    ]);

    /// <summary>Runs <paramref name="work"/>; an <see cref="ExitCodes"/>. What the hub or the disk refuses is said on the error stream.</summary>
    private static async Task<int> GuardAsync(Terminal terminal, Func<Task<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is HubException or IOException or UnauthorizedAccessException)
        {
            terminal.Error(exception.Message, "red");
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Error("Stopped. The same command goes on where it stopped.", "yellow");
            return ExitCodes.Failed;
        }
    }
}
