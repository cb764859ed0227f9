using System.Reflection.Metadata;

namespace Countersign.Profile;

/// <summary>The assemblies that a process had: its own and the framework's.</summary>
internal sealed class Libraries : IDisposable
{
    private readonly Dictionary<string, Library> libraries = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<DefinedType>> types = new(StringComparer.Ordinal);

    /// <summary>Opens those of a folder and those that this process would find itself; of two with the same name, the newer.</summary>
    public Libraries(string folder)
    {
        string framework = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        foreach (string path in Directory.EnumerateFiles(folder, "*.dll").Concat(framework.Split(Path.PathSeparator))) Open(path);
        foreach (var library in libraries.Values)
        {
            foreach (var handle in library.Reader.TypeDefinitions) Add(new DefinedType(library, handle));
        }
    }

    /// <summary>All types.</summary>
    public IEnumerable<DefinedType> Types => types.Values.SelectMany(static same => same);

    /// <summary>The types of this name, of whatever assembly unless it is named.</summary>
    public IEnumerable<DefinedType> Find(string fullName, string? assembly) =>
        types.TryGetValue(fullName, out var found) ? found.Where(type => assembly is null || type.Library.Name.Equals(assembly, StringComparison.OrdinalIgnoreCase)) : [];

    public void Dispose()
    {
        foreach (var library in libraries.Values) library.Dispose();
    }

    private void Open(string path)
    {
        try
        {
            var library = new Library(path);
            if (!libraries.TryGetValue(library.Name, out var other) || other.Version < library.Version) libraries[library.Name] = library;
        }
        catch (BadImageFormatException)
        {
            // A native library.
        }
    }

    private void Add(DefinedType type)
    {
        if (!types.TryGetValue(type.FullName, out var same)) types.Add(type.FullName, same = []);
        same.Add(type);
    }
}
