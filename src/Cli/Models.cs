using System.CommandLine;
using Countersign.Engine;
using Countersign.Gateway.Configuration;

namespace Countersign.Cli;

/// <summary>Finds the GGUF files that a command works with.</summary>
internal static class Models
{
    /// <summary><c>--models FOLDER</c>.</summary>
    public static Option<string> Folder()
    {
        var option = Options.Path("--models", ["-m"], "FOLDER", "The folder of GGUF files.");
        option.DefaultValueFactory = _ => "models";
        return option;
    }

    /// <summary>The model's name or file.</summary>
    public static Argument<string> Name() => new("model") { Description = "The model: a file's name without its ending, or the path of a GGUF file." };

    /// <summary>The file of a model, or <c>null</c> where there is none, which is then said.</summary>
    public static string? Find(string name, string folder, Terminal terminal)
    {
        if (File.Exists(name)) return name;
        if (ModelFolder.Find(folder, name) is { } path) return path;
        var known = ModelFolder.List(folder);
        terminal.Error($"There is no model '{name}' in {folder}. {(known.Count == 0 ? "It holds no GGUF files; --models names another folder." : $"Models there: {string.Join(", ", known)}.")} 'countersign models list' shows the catalogue.", "red");
        return null;
    }

    /// <summary>Runs <paramref name="work"/>; an <see cref="ExitCodes"/>. What the engine refuses is said on the error stream.</summary>
    public static async Task<int> GuardAsync(Terminal terminal, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (EngineException exception)
        {
            terminal.Error(exception.Message, "red");
            return ExitCodes.Failed;
        }
    }
}
