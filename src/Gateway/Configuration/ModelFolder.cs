using System.Text.RegularExpressions;

namespace Countersign.Gateway.Configuration;

/// <summary>The models in a folder of GGUF files.</summary>
internal static partial class ModelFolder
{
    /// <summary>Their names, sorted: a file's name without its ending; a split model's without its part number. Empty where the folder cannot be read.</summary>
    public static IReadOnlyList<string> List(string? folder)
    {
        try
        {
            if (folder is null || !Directory.Exists(folder)) return [];
            return [.. Directory.EnumerateFiles(folder, "*.gguf").Select(NameOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The file of the model called <paramref name="name"/>, or the first part of a split one; <c>null</c> where there is none.</summary>
    public static string? Find(string? folder, string name) =>
        folder is null || !Directory.Exists(folder) ? null : Directory.EnumerateFiles(folder, "*.gguf").Where(path => NameOf(path) == name).Min(StringComparer.Ordinal);

    /// <summary>The name of the model in a file.</summary>
    public static string NameOf(string path) => PartNumber().Replace(Path.GetFileNameWithoutExtension(path), "");

    [GeneratedRegex(@"-[0-9]{5}-of-[0-9]{5}\z")]
    private static partial Regex PartNumber();
}
