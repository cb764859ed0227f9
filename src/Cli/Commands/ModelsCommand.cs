using System.CommandLine;
using System.Globalization;
using Countersign.Cli.Catalogue;
using Countersign.Engine;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Providers.Engine;
using Countersign.Protocol.Catalogue;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign models</c>: what is known of models, what the GGUF files in a folder are, whether they are whole, and more of them from a hub.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new DocumentedCommand("models", "Tells what is known of models, and lists, shows, verifies and pulls GGUF files.", "countersign models list --open weights", "countersign models fit qwen3-30b-a3b", "countersign models files", "countersign models show SmolLM2-135M-Instruct.Q4_1", "countersign models verify", "countersign models pull bartowski/Qwen2.5-0.5B-Instruct-GGUF:Q4_K_M")
    {
        CatalogueCommands.List(), Show(), CatalogueCommands.Fit(), Files(), Verify(), PullCommand.Create(),
    };

    private static DocumentedCommand Files()
    {
        var folder = Models.Folder();
        var command = new DocumentedCommand("files", "Lists the GGUF files of a folder.", "countersign models files", "countersign models files --models ~/gguf") { folder };
        command.SetAction(parsed => RunFiles(parsed.GetRequiredValue(folder), new Terminal(parsed)));
        return command;
    }

    private static DocumentedCommand Show()
    {
        var (model, folder) = (Models.Name(), Models.Folder());
        var command = new DocumentedCommand("show", "Shows what a file says about its model and the memory that it needs; where there is no such file, what the catalogue knows, with sources.", "countersign models show SmolLM2-135M-Instruct.Q4_1", "countersign models show qwen3-30b-a3b") { model, folder };
        command.SetAction((parsed, _) =>
        {
            var (terminal, name, directory) = (new Terminal(parsed), parsed.GetRequiredValue(model), parsed.GetRequiredValue(folder));
            if (!File.Exists(name) && ModelFolder.Find(directory, name) is null && ModelCatalogue.Shipped.Find(name) is { } known) return Task.FromResult(RunShow(known, terminal));
            return Models.GuardAsync(terminal, () => Task.FromResult(Models.Find(name, directory, terminal) is { } path ? RunShow(path, terminal) : ExitCodes.Failed));
        });
        return command;
    }

    private static DocumentedCommand Verify()
    {
        var model = new Argument<string?>("model") { Description = "The model. Left out: all of the folder.", Arity = ArgumentArity.ZeroOrOne };
        var folder = Models.Folder();
        var command = new DocumentedCommand("verify", "Compares files with the digests stated beside them, and says which the engine cannot read.", "countersign models verify", "countersign models verify SmolLM2-135M-Instruct.Q4_1") { model, folder };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (terminal, directory) = (new Terminal(parsed), parsed.GetRequiredValue(folder));
            IReadOnlyList<string> names = parsed.GetValue(model) is { } one ? [one] : ModelFolder.List(directory);
            if (names.Count > 0) return Models.GuardAsync(terminal, () => Task.FromResult(RunVerify([.. names.Select(name => Models.Find(name, directory, terminal))], terminal, cancellationToken)));
            terminal.Error($"No GGUF files in {directory}.", "red");
            return Task.FromResult(ExitCodes.Failed);
        });
        return command;
    }

    private static int RunFiles(string folder, Terminal terminal)
    {
        var names = ModelFolder.List(folder);
        if (names.Count == 0) terminal.Line($"No GGUF files in {folder}.");
        else terminal.Table(["model", "architecture", "weights", "quantisation", "context", "file", "memory", "licence", "gives"], [.. names.Select(name => Row(name, ModelFolder.Find(folder, name)!))]);
        return ExitCodes.Done;
    }

    private static string[] Row(string name, string path)
    {
        try
        {
            var info = EngineModelInfo.Read(path);
            return [name, info.Architecture, Count(info.Parameters), info.Quantisation, Number(info.ContextLength), Bytes(info.FileBytes), info.UnreadFormats.Count > 0 ? $"not read: {string.Join(", ", info.UnreadFormats)}" : Bytes(MemoryNeed.Of(path, new()).Total), info.License ?? "-", info.IsEmbedding ? "vectors" : "text"];
        }
        catch (EngineException exception)
        {
            return [name, exception.Message, "-", "-", "-", "-", "-", "-", "-"];
        }
    }

    private static int RunShow(string path, Terminal terminal)
    {
        var (info, need) = (EngineModelInfo.Read(path), MemoryNeed.Of(path, new()));
        terminal.Line(info.Name, "bold");
        terminal.Columns(
        [
            ("file", info.Path),
            ("size", Bytes(info.FileBytes)),
            ("architecture", info.Architecture),
            ("weights", $"{Number(info.Parameters)} ({Count(info.Parameters)})"),
            ("quantisation", info.Quantisation),
            ("licence", info.License ?? "the file names none"),
            ("context", $"{Number(info.ContextLength)} tokens"),
            ("vocabulary", $"{Number(info.VocabularySize)} tokens"),
            ("gives", info.IsEmbedding ? $"vectors of {info.Width} numbers" : "text"),
            ("chat template", info.ChatTemplate is { } template ? $"{Number(template.Length)} characters" : info.IsEmbedding ? "none" : "none: chats use ChatML"),
            ("memory", $"{Bytes(need.Total)}: weights {Bytes(need.Weights)}, cache {Bytes(need.Cache)}, work {Bytes(need.Work)}"),
            .. info.UnreadFormats.Count > 0 ? new[] { ("engine", $"cannot load it: {WeightFormats.Refusal(info.UnreadFormats)}") } : [],
            ("digest", Sha256Sums.Find(path) is { } digest ? $"{digest} is stated; 'countersign models verify {info.Name}' compares" : "none stated"),
        ]);
        return ExitCodes.Done;
    }

    private static int RunShow(CatalogueModel model, Terminal terminal)
    {
        CatalogueSheet.Write(model, ModelCatalogue.Shipped, CatalogueCommands.Today(), terminal);
        return ExitCodes.Done;
    }

    private static int RunVerify(IReadOnlyList<string?> paths, Terminal terminal, CancellationToken cancellationToken)
    {
        bool isGood = paths.All(path => path is not null);
        foreach (string path in paths.OfType<string>())
        {
            isGood &= SayUnread(path, terminal);
            string name = Path.GetFileName(path);
            string? stated = Sha256Sums.Find(path);
            string actual = EngineModel.Digest(path, cancellationToken);
            if (stated is null) terminal.Line($"{name}: no digest beside it; it has {actual}", "yellow");
            else if (actual.Equals(stated, StringComparison.OrdinalIgnoreCase)) terminal.Line($"{name}: as it should be ({actual})", "green");
            else terminal.Error($"{name}: damaged or another file. It has {actual}, and {stated} is stated beside it.", "red");
            isGood &= stated is null || actual.Equals(stated, StringComparison.OrdinalIgnoreCase);
        }

        return isGood ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>A file may be whole, and of no use here.</summary>
    private static bool SayUnread(string path, Terminal terminal)
    {
        try
        {
            if (EngineModelInfo.Read(path).UnreadFormats is not { Count: > 0 } formats) return true;
            terminal.Error($"{Path.GetFileName(path)}: {WeightFormats.Refusal(formats)}", "red");
        }
        catch (EngineException unread)
        {
            terminal.Error(unread.Message, "red");
        }

        return false;
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Count(long weights) => string.Create(CultureInfo.InvariantCulture, $"{(weights >= 1_000_000_000 ? weights / 1e9 : weights / 1e6):0.#} {(weights >= 1_000_000_000 ? "B" : "M")}");

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{(bytes >= 1L << 30 ? bytes / (double)(1L << 30) : bytes / (double)(1L << 20)):0.#} {(bytes >= 1L << 30 ? "GiB" : "MiB")}");
}
