using System.Numerics;
using System.Text;

namespace Countersign.Profile;

/// <summary>The runtime's hash of what a method is called, the same in every process (as <c>versionresilienthashcode.cpp</c> of dotnet/runtime defines it); the text has it, and nothing else that tells the instances of a generic method apart.</summary>
internal static class RuntimeHash
{
    public static int OfName(string name)
    {
        if (name.Length == 0) return 0;
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        (int even, int odd) = (0x6DA3B944, 0);
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i % 2 == 0) even = Mixed(even, 5) ^ bytes[i];
            else odd = Mixed(odd, 5) ^ bytes[i];
        }

        return Mixed(even, 8) ^ Mixed(odd, 8);
    }

    public static int OfType(DefinedType type)
    {
        var (definition, reader) = (type.Definition, type.Library.Reader);
        int hash = OfName(reader.GetString(definition.Namespace)) ^ OfName(reader.GetString(definition.Name));
        return definition.GetDeclaringType() is { IsNil: false } around ? Mixed(OfType(new DefinedType(type.Library, around)), 11) ^ hash : hash;
    }

    public static int OfArray(int element, int rank) => Instance(Argument(unchecked((int)0xD5313556) + rank, element));

    public static int OfPointer(int element) => Mixed(element, 5) ^ 0x12D0;

    /// <summary>A definition with one more argument.</summary>
    public static int Argument(int hash, int argument) => Mixed(hash, 13) ^ argument;

    /// <summary>A definition with all its arguments.</summary>
    public static int Instance(int hash) => Mixed(hash, 15);

    private static int Mixed(int hash, int bits) => unchecked(hash + (int)BitOperations.RotateLeft((uint)hash, bits));
}
