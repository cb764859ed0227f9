using System.Security.Cryptography;
using System.Text;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Ids of tool calls.</summary>
internal static class CallIds
{
    private const string Alphanumerics = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int MistralLength = 9;

    /// <summary>A new id in OpenAI's form.</summary>
    public static string New() => $"call_{RandomNumberGenerator.GetString(Alphanumerics, 24)}";

    /// <summary>A new id in the form that Mistral's templates demand: nine letters or digits.</summary>
    public static string NewMistral() => RandomNumberGenerator.GetString(Alphanumerics, MistralLength);

    /// <summary>Whether an id has that form.</summary>
    public static bool IsMistral(string id) => id.Length == MistralLength && id.All(char.IsAsciiLetterOrDigit);

    /// <summary>An id in that form, always the same for the same id.</summary>
    public static string Mistral(string id) => IsMistral(id) ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..MistralLength];
}
