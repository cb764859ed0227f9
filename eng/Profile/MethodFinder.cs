using System.Reflection.Metadata;

namespace Countersign.Profile;

/// <summary>Finds what the text names.</summary>
internal sealed class MethodFinder(Libraries libraries)
{
    private static readonly TypeNameParseOptions Deep = new() { MaxNodes = 10_000 };

    /// <summary>The method, with its type as it was instantiated; several if libraries have the same source, of which the text does not say which one it was; none if it is not found or not told apart.</summary>
    public IReadOnlyList<(TypeName Type, DefinedMethod Method)> Find(RecordedMethod recorded)
    {
        var found = Splits(recorded.Name).SelectMany(split => Methods(split.Type, split.Method)).Where(candidate => candidate.Method.Type.Library.IlSize(candidate.Method.Definition) == recorded.IlSize).ToList();
        if (found.Count > 1) found.RemoveAll(candidate => SignatureText.Of(candidate.Method) != recorded.Signature);
        return found.DistinctBy(static candidate => candidate.Method.Type.Library).Count() == found.Count ? found : [];
    }

    /// <summary>The type, qualified with its assembly; <c>null</c> if it cannot be named in a profile.</summary>
    public TypeName? FindType(string qualified) => TypeName.TryParse(qualified, out var type, Deep) && IsKnown(type) ? type : null;

    /// <summary>The method of a sampled call, which has no signature; <c>null</c> if there is more than one.</summary>
    public (TypeName Type, DefinedMethod Method)? FindMethod(string name, string qualifiedType)
    {
        var found = FindType(qualifiedType) is { } type ? Methods(type, name).Where(static candidate => candidate.Method.Definition.GetGenericParameters().Count == 0).ToList() : [];
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>Where the type is defined that a name names, its arguments aside; <c>null</c> if there is none or more than one.</summary>
    public DefinedType? Definition(TypeName name)
    {
        var found = libraries.Find(name.FullName, name.AssemblyName?.Name).Take(2).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>Whether the type stands for any reference type, in code that all of them share.</summary>
    public static bool IsShared(TypeName name) => name.FullName == "System.__Canon";

    private bool IsKnown(TypeName name)
    {
        if (name.IsArray || name.IsPointer || name.IsByRef) return IsKnown(name.GetElementType());
        if (name.IsConstructedGenericType) return IsKnown(name.GetGenericTypeDefinition()) && name.GetGenericArguments().All(IsKnown);
        return IsShared(name) || Definition(name) is not null;
    }

    private IEnumerable<(TypeName Type, DefinedMethod Method)> Methods(TypeName type, string name)
    {
        if (type.IsArray || (type.IsConstructedGenericType && !type.GetGenericArguments().All(IsKnown))) yield break;
        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        foreach (var defined in libraries.Find(definition.FullName, definition.AssemblyName?.Name))
        {
            foreach (var handle in defined.Definition.GetMethods())
            {
                var method = new DefinedMethod(defined, handle);
                if (defined.Library.Reader.StringComparer.Equals(method.Definition.Name, name)) yield return (type, method);
            }
        }
    }

    /// <summary>The ways to read a name as that of a type and of a method, where both may hold dots.</summary>
    private static IEnumerable<(TypeName Type, string Method)> Splits(string name)
    {
        for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (TypeName.TryParse(name.AsSpan(0, dot), out var type, Deep)) yield return (type, name[(dot + 1)..]);
        }
    }
}
