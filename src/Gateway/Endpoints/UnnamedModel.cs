using System.Text;
using System.Text.Json;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Providers;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Endpoints;

/// <summary>The model of a request that names none, as clients of llama-server write them: the only one that the engine has.</summary>
internal static class UnnamedModel
{
    /// <summary>The body with a model's name in it.</summary>
    /// <exception cref="ProblemException">It names none, and the engine has none, or several.</exception>
    public static ReadOnlyMemory<byte> Name(ReadOnlyMemory<byte> body, GatewayConfiguration configuration, Caller caller)
    {
        if (!IsUnnamed(body)) return body;
        var own = configuration.Deployments.Values.Where(deployment => configuration.Providers[deployment.Provider].Api == ProviderApi.Engine && caller.Models?.Contains(deployment.Name) != false).ToList();
        if (own.DistinctBy(deployment => (deployment.Provider, deployment.Model)).Take(2).Count() != 1)
            throw ProblemException.Invalid(own.Count == 0 ? "'model' is missing, and the engine has no model for you." : $"'model' is missing, and the engine has several: name one of {string.Join(", ", own.Select(deployment => deployment.Name).Order(StringComparer.Ordinal))}.", "model");
        return Insert(body.Span, own[0].Name);
    }

    /// <summary>What is no JSON object is for its reader to refuse.</summary>
    private static bool IsUnnamed(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } request && !request.TryGetProperty("model", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Insert(ReadOnlySpan<byte> body, string model)
    {
        int inside = body.IndexOf((byte)'{') + 1;
        string comma = body[inside..].TrimStart(" \t\r\n"u8) is [(byte)'}', ..] ? "" : ",";
        return [.. body[..inside], .. Encoding.UTF8.GetBytes($"\"model\":\"{JsonEncodedText.Encode(model)}\"{comma}"), .. body[inside..]];
    }
}
