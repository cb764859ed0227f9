using System.Net;
using System.Net.Sockets;

namespace Countersign.Cli.Tests.Commands;

/// <summary>An address on which the server cannot listen is said in one line.</summary>
public sealed class ListenTests
{
    [Fact]
    public async Task Address_ThatIsTaken_IsSaidInALine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string address = taken.LocalEndpoint.ToString()!;
        Assert.Equal($"It cannot listen on {address}: another process does. --listen names another address, such as 127.0.0.1:0 for a free port.", await ServeAsync(address));
    }

    [Fact]
    public async Task Address_OfAnotherMachine_IsSaidInALine() => Assert.StartsWith("It cannot listen on 192.0.2.1:9: ", await ServeAsync("192.0.2.1:9")); // Nobody's, by RFC 5737.

    private static async Task<string> ServeAsync(string address)
    {
        var folder = Directory.CreateTempSubdirectory("countersign-listen-");
        string file = Path.Combine(folder.FullName, "countersign.yaml");
        await File.WriteAllTextAsync(file, "keys: { required: true }\n", TestContext.Current.CancellationToken);
        using var server = Executable.Start("serve", "--config", file, "--listen", address);
        string output = await server.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = await server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);
        Assert.Equal((1, ""), (server.ExitCode, output));
        return Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
