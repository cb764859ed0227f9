using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Countersign.Profile;

/// <summary>An assembly's metadata.</summary>
internal sealed class Library : IDisposable
{
    private readonly PEReader file;

    /// <summary>Opens an assembly.</summary>
    /// <exception cref="BadImageFormatException">It is none.</exception>
    public Library(string path)
    {
        file = new PEReader(File.OpenRead(path));
        Reader = file.HasMetadata ? file.GetMetadataReader() : throw new BadImageFormatException(path);
        Name = Reader.GetString(Reader.GetAssemblyDefinition().Name);
        Version = Reader.GetAssemblyDefinition().Version;
    }

    public MetadataReader Reader { get; }

    public string Name { get; }

    public Version Version { get; }

    /// <summary>The bytes of the method's IL; none if it has no body.</summary>
    public int IlSize(MethodDefinition method) => method.RelativeVirtualAddress == 0 ? 0 : file.GetMethodBody(method.RelativeVirtualAddress).GetILReader().Length;

    public void Dispose() => file.Dispose();
}

/// <summary>A type where it is defined.</summary>
internal readonly record struct DefinedType(Library Library, TypeDefinitionHandle Handle)
{
    public TypeDefinition Definition => Library.Reader.GetTypeDefinition(Handle);

    /// <summary>The types around it, outermost first, and it, with plus signs between, as reflection has it.</summary>
    public string FullName
    {
        get
        {
            var (definition, reader) = (Definition, Library.Reader);
            string name = reader.GetString(definition.Name), space = reader.GetString(definition.Namespace);
            if (!definition.GetDeclaringType().IsNil) return $"{new DefinedType(Library, definition.GetDeclaringType()).FullName}+{name}";
            return space.Length == 0 ? name : $"{space}.{name}";
        }
    }

    /// <summary>Whether it is a structure or an enumeration.</summary>
    public bool IsValueType
    {
        get
        {
            var (parent, reader) = (Definition.BaseType, Library.Reader);
            if (parent.IsNil || FullName == "System.Enum") return false;
            return parent.Kind switch
            {
                HandleKind.TypeReference => IsRoot(reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Namespace), reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name)),
                HandleKind.TypeDefinition => IsRoot(reader.GetString(reader.GetTypeDefinition((TypeDefinitionHandle)parent).Namespace), reader.GetString(reader.GetTypeDefinition((TypeDefinitionHandle)parent).Name)),
                _ => false,
            };
        }
    }

    private static bool IsRoot(string space, string name) => space == "System" && name is "ValueType" or "Enum";
}

/// <summary>A method where it is defined.</summary>
internal readonly record struct DefinedMethod(DefinedType Type, MethodDefinitionHandle Handle)
{
    public MethodDefinition Definition => Type.Library.Reader.GetMethodDefinition(Handle);
}
