using System.Reflection;
using System.Reflection.Metadata;

namespace Countersign.Profile;

/// <summary>Finds the arguments of generic methods by trying types that occur elsewhere, until the runtime's hash is right.</summary>
internal sealed class GenericArguments
{
    private const long MostTries = 100_000_000;

    private static readonly string[] Primitives =
    [
        "System.Boolean", "System.Char", "System.SByte", "System.Byte", "System.Int16", "System.UInt16", "System.Int32", "System.UInt32", "System.Int64", "System.UInt64", "System.Single", "System.Double", "System.IntPtr", "System.UIntPtr",
    ];

    private readonly MethodFinder finder;
    private readonly Dictionary<string, Candidate> seen = new(StringComparer.Ordinal);
    private readonly List<Candidate> structures;

    public GenericArguments(Libraries libraries, MethodFinder finder)
    {
        this.finder = finder;
        See(TypeName.Parse("System.__Canon"));
        foreach (string name in Primitives) See(TypeName.Parse(name));
        structures = [.. libraries.Types.Where(static type => type.IsValueType).SelectMany(Instances).Where(static name => name is not null).Select(name => Structure(name!)).OfType<Candidate>()];
    }

    /// <summary>Takes a type, and those within it, into what is tried. All classes share one instance of a method, so of them only that is.</summary>
    public void See(TypeName type)
    {
        if (seen.ContainsKey(type.FullName)) return;
        if (type.IsArray || type.IsPointer) See(type.GetElementType());
        foreach (var argument in type.IsConstructedGenericType ? type.GetGenericArguments() : []) See(argument);
        if (MethodFinder.IsShared(type)) seen.Add(type.FullName, new Candidate(type, Hash(type)!.Value, null));
        else if (Structure(type) is { } candidate) seen.Add(type.FullName, candidate);
    }

    /// <summary>The arguments with which the method has this hash; <c>null</c> if there are none among the types seen, or several.</summary>
    public IReadOnlyList<TypeName>? Find(TypeName type, DefinedMethod method, int hash)
    {
        var handles = method.Definition.GetGenericParameters();
        var parameters = handles.Select(parameter => Fitting(method.Type.Library.Reader, parameter, isAlone: handles.Count == 1)).ToList();
        if (Hash(type) is not { } owner || parameters.Aggregate(1L, static (product, fitting) => Math.Min(product * fitting.Count, MostTries + 1)) > MostTries) return null;
        var found = new List<TypeName[]>();
        Try(parameters, new TypeName[parameters.Count], 0, RuntimeHash.OfName(method.Type.Library.Reader.GetString(method.Definition.Name)), hash ^ owner, found);
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>The runtime's hash of a type; <c>null</c> if it is not known.</summary>
    public int? Hash(TypeName type)
    {
        if (type.IsArray) return Hash(type.GetElementType()) is { } element ? RuntimeHash.OfArray(element, type.GetArrayRank()) : null;
        if (type.IsPointer) return Hash(type.GetElementType()) is { } target ? RuntimeHash.OfPointer(target) : null;
        if (MethodFinder.IsShared(type)) return RuntimeHash.OfName("System") ^ RuntimeHash.OfName("__Canon");
        if (Definition(type) is not { } definition) return null;
        int hash = RuntimeHash.OfType(definition);
        if (!type.IsConstructedGenericType) return hash;
        foreach (var argument in type.GetGenericArguments())
        {
            if (Hash(argument) is not { } next) return null;
            hash = RuntimeHash.Argument(hash, next);
        }

        return RuntimeHash.Instance(hash);
    }

    private static void Try(List<List<Candidate>> parameters, TypeName[] chosen, int next, int hash, int wanted, List<TypeName[]> found)
    {
        if (next == parameters.Count)
        {
            if (RuntimeHash.Instance(hash) == wanted) found.Add([.. chosen]);
            return;
        }

        foreach (var candidate in parameters[next])
        {
            chosen[next] = candidate.Type;
            Try(parameters, chosen, next + 1, RuntimeHash.Argument(hash, candidate.Hash), wanted, found);
        }
    }

    /// <summary>What may stand for a parameter: what was seen; any structure, if it is the only parameter or must implement something, so that there is not too much to try.</summary>
    private List<Candidate> Fitting(MetadataReader reader, GenericParameterHandle handle, bool isAlone)
    {
        var parameter = reader.GetGenericParameter(handle);
        bool isValueType = parameter.Attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        var interfaces = parameter.GetConstraints().Select(constraint => Name(reader, reader.GetGenericParameterConstraint(constraint).Type)).Where(static name => name is not null and not "ValueType").ToList();
        var all = isAlone || interfaces.Count > 0 ? seen.Values.Concat(structures) : seen.Values;
        return [.. all.DistinctBy(static candidate => candidate.Type.FullName).Where(candidate => candidate.Definition is { } definition ? interfaces.TrueForAll(name => Implements(definition, name!)) : !isValueType)];
    }

    /// <summary>The structure itself, or with each primitive as its argument; those with more arguments are left out.</summary>
    private static IEnumerable<TypeName?> Instances(DefinedType type) => type.Definition.GetGenericParameters().Count switch
    {
        0 => [TypeName.TryParse(type.FullName, out var name) ? name : null],
        1 => Primitives.Select(argument => TypeName.TryParse($"{type.FullName}[{argument}]", out var name) ? name : null),
        _ => [],
    };

    private Candidate? Structure(TypeName type)
    {
        if (Definition(type) is not { IsValueType: true } definition || Hash(type) is not { } hash) return null;
        int arguments = type.IsConstructedGenericType ? type.GetGenericArguments().Length : 0;
        return definition.Definition.GetGenericParameters().Count == arguments ? new Candidate(type, hash, definition) : null;
    }

    private static bool Implements(DefinedType type, string name)
    {
        var reader = type.Library.Reader;
        return type.Definition.GetInterfaceImplementations().Any(handle => Name(reader, reader.GetInterfaceImplementation(handle).Interface) == name);
    }

    /// <summary>The last part of the type's name, its arguments aside; <c>null</c> if it is a parameter.</summary>
    private static string? Name(MetadataReader reader, EntityHandle type)
    {
        if (type.Kind == HandleKind.TypeDefinition) return reader.GetString(reader.GetTypeDefinition((TypeDefinitionHandle)type).Name);
        if (type.Kind == HandleKind.TypeReference) return reader.GetString(reader.GetTypeReference((TypeReferenceHandle)type).Name);
        var signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
        signature.ReadByte(); // Whether it is a structure.
        return Name(reader, signature.ReadTypeHandle());
    }

    private DefinedType? Definition(TypeName type) => type.IsArray || type.IsPointer || type.IsByRef ? null : finder.Definition(type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type);

    private sealed record Candidate(TypeName Type, int Hash, DefinedType? Definition);
}
