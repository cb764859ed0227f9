using System.Security.Cryptography;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Ids of tool calls.</summary>
internal static class CallIds
{
    private const string Alphanumerics = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>A new id in OpenAI's form.</summary>
    public static string New() => $"call_{RandomNumberGenerator.GetString(Alphanumerics, 24)}";

    /// <summary>A new id in the form that Mistral's templates demand: nine letters or digits.</summary>
    public static string NewMistral() => RandomNumberGenerator.GetString(Alphanumerics, 9);
}
