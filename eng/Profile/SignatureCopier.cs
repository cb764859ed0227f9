using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Countersign.Profile;

/// <summary>Copies signatures of one assembly into another, with the types that they mention (ECMA-335, II.23.2).</summary>
/// <param name="reader">The assembly that they come from.</param>
/// <param name="import">What a type of that is called in the other.</param>
internal sealed class SignatureCopier(MetadataReader reader, Func<EntityHandle, EntityHandle> import)
{
    public void CopyMethod(BlobHandle signature, BlobBuilder copy)
    {
        var source = reader.GetBlobReader(signature);
        Method(ref source, copy);
    }

    public void CopyType(BlobHandle signature, BlobBuilder copy)
    {
        var source = reader.GetBlobReader(signature);
        Type(ref source, copy);
    }

    private void Method(ref BlobReader source, BlobBuilder copy)
    {
        var header = source.ReadSignatureHeader();
        copy.WriteByte(header.RawValue);
        if (header.IsGeneric) Integer(ref source, copy);
        for (int types = Integer(ref source, copy) + 1; types > 0; types--) Type(ref source, copy);
    }

    private void Type(ref BlobReader source, BlobBuilder copy)
    {
        int code = Integer(ref source, copy);
        switch (code)
        {
            case (int)SignatureTypeCode.Pointer or (int)SignatureTypeCode.ByReference or (int)SignatureTypeCode.SZArray or (int)SignatureTypeCode.Pinned or (int)SignatureTypeCode.Sentinel:
                Type(ref source, copy);
                break;
            case (int)SignatureTypeKind.ValueType or (int)SignatureTypeKind.Class:
                Named(ref source, copy);
                break;
            case (int)SignatureTypeCode.GenericTypeParameter or (int)SignatureTypeCode.GenericMethodParameter:
                Integer(ref source, copy);
                break;
            case (int)SignatureTypeCode.RequiredModifier or (int)SignatureTypeCode.OptionalModifier:
                Named(ref source, copy);
                Type(ref source, copy);
                break;
            case (int)SignatureTypeCode.Array:
                Type(ref source, copy);
                Integer(ref source, copy);
                for (int sizes = Integer(ref source, copy); sizes > 0; sizes--) Integer(ref source, copy);
                for (int bounds = Integer(ref source, copy); bounds > 0; bounds--) copy.WriteCompressedSignedInteger(source.ReadCompressedSignedInteger());
                break;
            case (int)SignatureTypeCode.GenericTypeInstance:
                Type(ref source, copy);
                for (int arguments = Integer(ref source, copy); arguments > 0; arguments--) Type(ref source, copy);
                break;
            case (int)SignatureTypeCode.FunctionPointer:
                Method(ref source, copy);
                break;
        }
    }

    private void Named(ref BlobReader source, BlobBuilder copy) => copy.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(import(source.ReadTypeHandle())));

    private static int Integer(ref BlobReader source, BlobBuilder copy)
    {
        int value = source.ReadCompressedInteger();
        copy.WriteCompressedInteger(value);
        return value;
    }
}
