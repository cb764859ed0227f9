using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Countersign.Profile;

/// <summary>The metadata of a profile: references to types and methods, and static methods whose IL is the data.</summary>
internal sealed class MetadataWriter
{
    private static readonly BlobContentId Id = new(new Guid("5d0b7a0c-4f0e-4d0a-9f62-7c3c1b7f2e11"), 1); // Always the same, so that the same profile is the same file.

    private readonly MethodFinder finder;
    private readonly MetadataBuilder metadata = new();
    private readonly BlobBuilder il = new();
    private readonly MethodBodyStreamEncoder bodies;
    private readonly Dictionary<string, AssemblyReferenceHandle> assemblies = new(StringComparer.Ordinal);
    private readonly Dictionary<(EntityHandle Scope, string Space, string Name), TypeReferenceHandle> references = [];
    private readonly Dictionary<BlobHandle, TypeSpecificationHandle> specifications = [];
    private readonly Dictionary<(EntityHandle Type, DefinedMethod Method), MemberReferenceHandle> methods = [];

    public MetadataWriter(string name, MethodFinder finder)
    {
        (this.finder, bodies) = (finder, new MethodBodyStreamEncoder(il));
        var module = metadata.GetOrAddString(name);
        metadata.AddModule(0, module, metadata.GetOrAddGuid(Id.Guid), default, default);
        metadata.AddAssembly(module, new Version(0, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
    }

    public UserStringHandle Text(string text) => metadata.GetOrAddUserString(text);

    /// <summary>Adds a static method without parameters and result.</summary>
    public MethodDefinitionHandle AddMethod(string name, InstructionEncoder code)
    {
        var signature = new BlobBuilder();
        new BlobEncoder(signature).MethodSignature().Parameters(0, static result => result.Void(), static _ => { });
        int body = bodies.AddMethodBody(code);
        return metadata.AddMethodDefinition(MethodAttributes.Public | MethodAttributes.Static, MethodImplAttributes.IL, metadata.GetOrAddString(name), metadata.GetOrAddBlob(signature), body, default);
    }

    /// <summary>The type that a name names, which must be known.</summary>
    public EntityHandle Type(TypeName name)
    {
        if (name.IsSimple) return Simple(name);
        var signature = new BlobBuilder();
        WriteType(signature, name);
        return Specification(signature);
    }

    /// <summary>The method of a type, as both were instantiated.</summary>
    public EntityHandle Method(TypeName type, DefinedMethod method, IReadOnlyList<TypeName> arguments)
    {
        var definition = Member(type, method);
        if (arguments.Count == 0) return definition;
        var signature = new BlobBuilder();
        new BlobEncoder(signature).MethodSpecificationSignature(arguments.Count);
        foreach (var argument in arguments) WriteType(signature, argument);
        return metadata.AddMethodSpecification(definition, metadata.GetOrAddBlob(signature));
    }

    /// <summary>The finished assembly.</summary>
    public byte[] ToArray()
    {
        var assembly = new BlobBuilder();
        new ManagedPEBuilder(new PEHeaderBuilder(), new MetadataRootBuilder(metadata), il, deterministicIdProvider: static _ => Id).Serialize(assembly);
        return assembly.ToArray();
    }

    private MemberReferenceHandle Member(TypeName type, DefinedMethod method)
    {
        EntityHandle parent = type.IsSimple ? Reference(method.Type) : Instance(type, method.Type);
        if (methods.TryGetValue((parent, method), out var known)) return known;
        var signature = new BlobBuilder();
        new SignatureCopier(method.Type.Library.Reader, handle => Import(method.Type.Library, handle)).CopyMethod(method.Definition.Signature, signature);
        var added = metadata.AddMemberReference(parent, metadata.GetOrAddString(method.Type.Library.Reader.GetString(method.Definition.Name)), metadata.GetOrAddBlob(signature));
        methods.Add((parent, method), added);
        return added;
    }

    private void WriteType(BlobBuilder signature, TypeName name)
    {
        if (name.IsSZArray)
        {
            signature.WriteByte((byte)SignatureTypeCode.SZArray);
            WriteType(signature, name.GetElementType());
        }
        else if (name.IsArray)
        {
            signature.WriteByte((byte)SignatureTypeCode.Array);
            WriteType(signature, name.GetElementType());
            new ArrayShapeEncoder(signature).Shape(name.GetArrayRank(), [], []);
        }
        else if (name.IsPointer || name.IsByRef)
        {
            signature.WriteByte((byte)(name.IsPointer ? SignatureTypeCode.Pointer : SignatureTypeCode.ByReference));
            WriteType(signature, name.GetElementType());
        }
        else if (name.IsConstructedGenericType)
        {
            WriteInstance(signature, name, finder.Definition(name.GetGenericTypeDefinition())!.Value);
        }
        else if (Primitive(name.FullName) is { } code)
        {
            signature.WriteByte((byte)code);
        }
        else if (MethodFinder.IsShared(name))
        {
            WriteNamed(signature, Simple(name), isValueType: false);
        }
        else
        {
            WriteNamed(signature, Simple(name), finder.Definition(name)!.Value.IsValueType);
        }
    }

    private void WriteInstance(BlobBuilder signature, TypeName name, DefinedType definition)
    {
        var arguments = name.GetGenericArguments();
        signature.WriteByte((byte)SignatureTypeCode.GenericTypeInstance);
        WriteNamed(signature, Reference(definition), definition.IsValueType);
        signature.WriteCompressedInteger(arguments.Length);
        foreach (var argument in arguments) WriteType(signature, argument);
    }

    private static void WriteNamed(BlobBuilder signature, EntityHandle type, bool isValueType)
    {
        signature.WriteByte((byte)(isValueType ? SignatureTypeKind.ValueType : SignatureTypeKind.Class));
        signature.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(type));
    }

    private TypeSpecificationHandle Instance(TypeName name, DefinedType definition)
    {
        var signature = new BlobBuilder();
        WriteInstance(signature, name, definition);
        return Specification(signature);
    }

    private EntityHandle Simple(TypeName name) =>
        MethodFinder.IsShared(name) ? Reference(Assembly("System.Private.Canon", new Version(0, 0, 0, 0), []), "System", "__Canon") : Reference(finder.Definition(name)!.Value);

    private TypeReferenceHandle Reference(DefinedType type)
    {
        var (definition, reader) = (type.Definition, type.Library.Reader);
        var around = definition.GetDeclaringType();
        EntityHandle scope = around.IsNil ? Assembly(type.Library) : Reference(new DefinedType(type.Library, around));
        return Reference(scope, reader.GetString(definition.Namespace), reader.GetString(definition.Name));
    }

    private TypeReferenceHandle Reference(EntityHandle scope, string space, string name)
    {
        if (references.TryGetValue((scope, space, name), out var known)) return known;
        var added = metadata.AddTypeReference(scope, space.Length == 0 ? default : metadata.GetOrAddString(space), metadata.GetOrAddString(name));
        references.Add((scope, space, name), added);
        return added;
    }

    private TypeSpecificationHandle Specification(BlobBuilder signature)
    {
        var blob = metadata.GetOrAddBlob(signature);
        if (!specifications.TryGetValue(blob, out var known)) specifications.Add(blob, known = metadata.AddTypeSpecification(blob));
        return known;
    }

    /// <summary>A type that a library's signature mentions.</summary>
    private EntityHandle Import(Library library, EntityHandle handle)
    {
        var reader = library.Reader;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return Reference(new DefinedType(library, (TypeDefinitionHandle)handle));
            case HandleKind.TypeReference:
                var type = reader.GetTypeReference((TypeReferenceHandle)handle);
                var scope = type.ResolutionScope.Kind switch
                {
                    HandleKind.TypeReference => Import(library, type.ResolutionScope),
                    HandleKind.AssemblyReference => Assembly(reader, reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope)),
                    _ => (EntityHandle)Assembly(library),
                };
                return Reference(scope, reader.GetString(type.Namespace), reader.GetString(type.Name));
            default:
                var signature = new BlobBuilder();
                new SignatureCopier(reader, inner => Import(library, inner)).CopyType(reader.GetTypeSpecification((TypeSpecificationHandle)handle).Signature, signature);
                return Specification(signature);
        }
    }

    private AssemblyReferenceHandle Assembly(MetadataReader reader, AssemblyReference reference) => Assembly(reader.GetString(reference.Name), reference.Version, reader.GetBlobBytes(reference.PublicKeyOrToken));

    private AssemblyReferenceHandle Assembly(Library library) => Assembly(library.Name, library.Version, library.Reader.GetAssemblyDefinition().GetAssemblyName().GetPublicKeyToken() ?? []);

    private AssemblyReferenceHandle Assembly(string name, Version version, byte[] token)
    {
        if (assemblies.TryGetValue(name, out var known)) return known;
        var added = metadata.AddAssemblyReference(metadata.GetOrAddString(name), version, default, token.Length == 0 ? default : metadata.GetOrAddBlob(token), default, default);
        assemblies.Add(name, added);
        return added;
    }

    private static SignatureTypeCode? Primitive(string fullName) => fullName switch
    {
        "System.Boolean" => SignatureTypeCode.Boolean,
        "System.Char" => SignatureTypeCode.Char,
        "System.SByte" => SignatureTypeCode.SByte,
        "System.Byte" => SignatureTypeCode.Byte,
        "System.Int16" => SignatureTypeCode.Int16,
        "System.UInt16" => SignatureTypeCode.UInt16,
        "System.Int32" => SignatureTypeCode.Int32,
        "System.UInt32" => SignatureTypeCode.UInt32,
        "System.Int64" => SignatureTypeCode.Int64,
        "System.UInt64" => SignatureTypeCode.UInt64,
        "System.Single" => SignatureTypeCode.Single,
        "System.Double" => SignatureTypeCode.Double,
        "System.IntPtr" => SignatureTypeCode.IntPtr,
        "System.UIntPtr" => SignatureTypeCode.UIntPtr,
        "System.String" => SignatureTypeCode.String,
        "System.Object" => SignatureTypeCode.Object,
        _ => null,
    };
}
