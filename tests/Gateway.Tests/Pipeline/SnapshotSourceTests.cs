using Countersign.Gateway.Configuration;
using Countersign.Gateway.Pipeline;
using Countersign.Gateway.Tests.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Gateway.Tests.Pipeline;

public sealed class SnapshotSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Prices_AtTheStartAndAfterAReload_AreInTheLedger()
    {
        string file = folder.File("countersign.yaml");
        var environment = new ConfigurationEnvironment(_ => null, Path.GetDirectoryName(file)!);
        Write(file, input: 1);
        using var source = new ConfigurationSource(ConfigurationLoader.LoadFile(file, environment), file, environment, TimeProvider.System, NullLogger<ConfigurationSource>.Instance);
        await using (var host = await GatewayHost.StartAsync(source, null, NullLoggerFactory.Instance, CancellationToken.None))
        {
            Write(file, input: 3);
            Assert.True(source.Reload());
            _ = host.Services.GetRequiredService<SnapshotSource>().Current;
        }

        Assert.Equal([1, 3], Recorded());
    }

    private void Write(string file, int input) => File.WriteAllText(file, $$"""
        server: { listen: "127.0.0.1:0" }
        ledger: { path: {{folder.File("ledger.db")}} }
        providers: { one: { api: openai, base_url: "http://127.0.0.1:9/v1" } }
        deployments: { small: { provider: one, model: m, price: { input: {{input}}, output: 2 } } }
        """);

    private List<int> Recorded()
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("ledger.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT prices ->> '$[0].input' FROM price_snapshots ORDER BY seen";
        using var reader = command.ExecuteReader();
        var prices = new List<int>();
        while (reader.Read()) prices.Add(reader.GetInt32(0));
        return prices;
    }
}
