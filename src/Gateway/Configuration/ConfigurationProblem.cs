namespace Countersign.Gateway.Configuration;

/// <summary>One thing that is wrong with a configuration: where, what was found, and what to do about it. Holds no secret.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Path">The key's path, such as <c>routes.invoice.draft.deployment</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong, with the value that was found.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record ConfigurationProblem(FilePlace Place, string Path, string Message, string Remedy)
{
    /// <summary><c>file:line:column path: message remedy</c>, on one line.</summary>
    public override string ToString() => Path.Length == 0 ? $"{Place} {Message} {Remedy}" : $"{Place} {Path}: {Message} {Remedy}";
}

/// <summary>A place in a file.</summary>
/// <param name="File">The file's name as it was given; <c>environment</c> for a configuration that was discovered.</param>
/// <param name="Line">The line, from 1; 0: the file as a whole.</param>
/// <param name="Column">The column, from 1.</param>
public readonly record struct FilePlace(string File, int Line, int Column)
{
    /// <summary>The file's folder, which relative paths in it start from; the working folder for a configuration that was discovered.</summary>
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(File))!;

    /// <summary><c>file:line:column</c>, as editors and terminals make links of it.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
