using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Endpoints;

/// <summary>Sends an object as JSON.</summary>
internal static class JsonResponse
{
    public static async Task SendAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type, int status = 200)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
