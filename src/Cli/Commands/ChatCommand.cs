using System.CommandLine;
using Countersign.Engine;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers.Engine;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign chat</c>: a conversation with a model that runs in this process.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var (model, folder) = (Models.Name(), Models.Folder());
        var prompt = new Option<string?>("--prompt", "-p") { Description = "One question, in place of a conversation.", HelpName = "TEXT" };
        var system = new Option<string?>("--system-prompt", "-sys") { Description = "What the model is told first. Left out: what its template says.", HelpName = "TEXT" };
        var temperature = Options.Number("--temp", "The sampling temperature; 0 takes the best token always.");
        temperature.DefaultValueFactory = _ => 0.7;
        var seed = new Option<long?>("--seed", "-s") { Description = "Same seed, same answers. Left out: drawn.", HelpName = "N" };
        var predict = Options.Count("--predict", ["-n"], "The most tokens of an answer; 0: until the context is full.", 0, 0);
        var context = Options.Count("--ctx-size", ["-c"], "The longest conversation in tokens; 0: the model's own limit, but at most 8192.", 0, 0);
        var draft = new Option<string?>("--model-draft", "-md") { Description = "A smaller model with the same vocabulary, in the same folder, that guesses along: answers stay the same and may come faster.", HelpName = "NAME" };
        var threads = Options.Count("--threads", ["-t"], "Threads that compute; 0: one for each processor.", 0, 0);
        var command = new DocumentedCommand(
            "chat", "Talks with a model that runs in this process. Piped text is one question.",
            "countersign chat SmolLM2-135M-Instruct.Q4_1", "countersign chat SmolLM2-135M-Instruct.Q4_1 -p \"What is the capital of France?\" --temp 0", "cat letter.txt | countersign chat SmolLM2-135M-Instruct.Q4_1")
            { model, folder, prompt, system, temperature, seed, predict, context, threads, draft };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var terminal = new Terminal(parsed);
            if (Models.Find(parsed.GetRequiredValue(model), parsed.GetRequiredValue(folder), terminal) is not { } path) return ExitCodes.Failed;
            if (parsed.GetValue(draft) is { } guesser && Models.Find(guesser, Path.GetDirectoryName(Path.GetFullPath(path))!, terminal) is null) return ExitCodes.Failed;
            string name = ModelFolder.NameOf(path);
            var options = new EngineOptions { Models = Path.GetDirectoryName(Path.GetFullPath(path)), ContextLength = parsed.GetValue(context), Threads = parsed.GetValue(threads) };
            var settings = new ChatRequest
            {
                Api = WireApiKind.OpenAiChat,
                Model = name,
                Messages = parsed.GetValue(system) is { } told ? [ChatMessage.Of(ChatRole.System, told)] : [],
                Temperature = parsed.GetValue(temperature),
                Seed = parsed.GetValue(seed),
                MaxOutputTokens = parsed.GetValue(predict) is > 0 and var most ? most : null,
                Stream = true,
            };
            var deployment = new Deployment { Name = name, Provider = "engine", Model = name, Draft = parsed.GetValue(draft) is { } small ? new DraftModel(small) : null };
            return await RunAsync(options, deployment, settings, parsed.GetValue(prompt), terminal, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(EngineOptions options, Deployment deployment, ChatRequest settings, string? prompt, Terminal terminal, CancellationToken cancellationToken)
    {
        string? question = prompt ?? (Console.IsInputRedirected ? await Console.In.ReadToEndAsync(cancellationToken) : null);
        if (question is not null && string.IsNullOrWhiteSpace(question))
        {
            terminal.Error("Nothing was asked.", "red");
            return ExitCodes.Failed;
        }

        using var metrics = new GatewayMetrics();
        using var provider = new EngineProvider(options, TimeProvider.System, NullLogger.Instance, metrics);
        if (terminal.IsSeen && !await LoadAsync(provider, deployment, terminal, cancellationToken)) return ExitCodes.Failed;
        var session = new ChatSession(provider, deployment, settings, terminal);
        if (question is not null) return await session.AskAsync(question, cancellationToken) ? ExitCodes.Done : ExitCodes.Failed;
        terminal.Line("Ask; an empty line ends.", "grey");
        while (await terminal.AskAsync("> ", cancellationToken) is { Length: > 0 } line) await session.AskAsync(line, cancellationToken);
        return ExitCodes.Done;
    }

    /// <summary>Shows a person how far the loading is, which takes a while with large models. <c>false</c> where it fails, which is then said.</summary>
    private static async Task<bool> LoadAsync(EngineProvider provider, Deployment deployment, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            string what = $"loading {deployment.Model}";
            await terminal.WithProgressAsync(what, show => provider.LoadAsync(deployment, fraction => show(fraction, what), cancellationToken));
            return true;
        }
        catch (Exception exception) when (exception is EngineException or ProblemException)
        {
            terminal.Error(exception.Message, "red");
            return false;
        }
    }
}
