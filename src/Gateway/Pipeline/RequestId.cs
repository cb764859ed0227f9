using System.Buffers.Binary;

namespace Countersign.Gateway.Pipeline;

/// <summary>The id of a request: <c>req_</c> and a UUID of version 7 (RFC 9562), so that ids sort by time. It is no secret: its random bits need only differ.</summary>
internal static class RequestId
{
    public static string New(TimeProvider time) => string.Create(36, time.GetUtcNow().ToUnixTimeMilliseconds(), static (text, milliseconds) =>
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, milliseconds << 16);
        Random.Shared.NextBytes(id[6..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0F)); // The version.
        id[8] = (byte)(0x80 | (id[8] & 0x3F)); // The variant.
        "req_".CopyTo(text);
        Convert.TryToHexStringLower(id, text[4..], out _);
    });
}
