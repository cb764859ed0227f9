using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Countersign.Profile;

/// <summary>Prints signatures as the runtime does, to tell methods apart that have the same name and size.</summary>
internal sealed class SignatureText : ISignatureTypeProvider<string, object?>
{
    private static readonly SignatureText Printer = new();

    public static string Of(DefinedMethod method)
    {
        var signature = method.Definition.DecodeSignature(Printer, null);
        return $"{(signature.Header.IsInstance ? "instance " : "")}{(signature.Header.IsGeneric ? "generic " : "")}{signature.ReturnType}  ({string.Join(',', signature.ParameterTypes)})";
    }

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode switch
    {
        PrimitiveTypeCode.Void => "void",
        PrimitiveTypeCode.Boolean => "bool",
        PrimitiveTypeCode.Char => "wchar",
        PrimitiveTypeCode.SByte => "int8",
        PrimitiveTypeCode.Byte => "unsigned int8",
        PrimitiveTypeCode.Int16 => "int16",
        PrimitiveTypeCode.UInt16 => "unsigned int16",
        PrimitiveTypeCode.Int32 => "int32",
        PrimitiveTypeCode.UInt32 => "unsigned int32",
        PrimitiveTypeCode.Int64 => "int64",
        PrimitiveTypeCode.UInt64 => "unsigned int64",
        PrimitiveTypeCode.Single => "float32",
        PrimitiveTypeCode.Double => "float64",
        PrimitiveTypeCode.IntPtr => "int",
        PrimitiveTypeCode.UIntPtr => "unsigned int",
        PrimitiveTypeCode.String => "class System.String",
        PrimitiveTypeCode.Object => "class System.Object",
        _ => typeCode.ToString(),
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Name(reader, reader.GetTypeDefinition(handle).Namespace, reader.GetTypeDefinition(handle).Name, rawTypeKind);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Name(reader, reader.GetTypeReference(handle).Namespace, reader.GetTypeReference(handle).Name, rawTypeKind);

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(',', typeArguments)}>";

    public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

    public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

    public string GetByReferenceType(string elementType) => $"{elementType}&";

    public string GetPointerType(string elementType) => $"{elementType}*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "fnptr";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    private static string Name(MetadataReader reader, StringHandle space, StringHandle name, byte kind) =>
        $"{(kind == (byte)SignatureTypeKind.ValueType ? "value class" : "class")} {(space.IsNil ? "" : reader.GetString(space) + ".")}{reader.GetString(name)}";
}
