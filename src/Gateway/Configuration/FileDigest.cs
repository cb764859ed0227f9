using System.Security.Cryptography;

namespace Countersign.Gateway.Configuration;

/// <summary>What changes when a file is written or replaced: the SHA-256 of its content, as two writes within a tick of the file system's clock may leave time and length the same.
/// Links are followed to their end, as Kubernetes turns one to replace a file.</summary>
internal static class FileDigest
{
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content));

    /// <summary>That of the file at <paramref name="path"/>; <c>null</c> where it cannot be read, as while it is being replaced.</summary>
    public static string? OfFile(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Convert.ToHexString(SHA256.HashData(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
