using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Cascade.Validators.Structure;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Shaping;

/// <summary>Refuses tools that cannot be right, also where a request would be passed on unread: many servers take them and make a prompt of them all the same.
/// Agents send the same tools with every turn, so that those found right are remembered by their digest. Thread-safe.</summary>
internal static class ToolChecks
{
    private const int MostKept = 4096;

    private static readonly ConcurrentDictionary<UInt128, bool> Right = new();

    /// <summary>Checks the tools of a request, and its choice among them.</summary>
    /// <exception cref="ProblemException">They are wrong; names the parameter.</exception>
    public static void Check(WireRequest request)
    {
        if (request.Tools.IsEmpty && request.ToolChoice.IsEmpty) return;
        var key = KeyOf(request);
        if (Right.ContainsKey(key)) return;
        var api = WireApi.For(request.Api);
        ToolDefinitions.Check(api.ReadTools(request), api.SchemaParam);
        if (Right.Count >= MostKept) Right.Clear(); // Callers choose how many there are; agents' own are soon back.
        Right[key] = true;
    }

    private static UInt128 KeyOf(WireRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([(byte)request.Api]);
        hash.AppendData(request.Tools.Span);
        hash.AppendData([0]); // No JSON has it: no other pair of texts gives the same bytes.
        hash.AppendData(request.ToolChoice.Span);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
