using System.Text.Json;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Waits for what comes only after an answer's last byte.</summary>
internal static class Eventually
{
    /// <summary>The first text that <paramref name="ask"/> gives.</summary>
    public static async Task<string> GetAsync(Func<Task<string?>> ask, string otherwise)
    {
        for (int tried = 0; ; tried++)
        {
            if (await ask() is { } text) return text;
            Assert.True(tried < 200, otherwise);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A request's stored trace, as <c>GET /v1/requests/{id}</c> gives it.</summary>
    public static async Task<JsonElement> TraceAsync(HttpClient client, string id) => JsonDocument.Parse(await GetAsync(
        async () =>
        {
            using var response = await client.GetAsync($"/v1/requests/{id}", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : null;
        },
        "The request never came into the ledger.")).RootElement;
}
