using Countersign.Cli.Hub;

namespace Countersign.Cli.Tests.Hub;

/// <summary>Pulls from a fake hub into a folder of its own.</summary>
internal sealed class Pulling : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("countersign-pull-");

    public required FakeHub Hub { get; init; }

    public string Folder => folder.FullName;

    /// <summary>What is in the folder, sorted.</summary>
    public IEnumerable<string> Names => folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal);

    public static async Task<Pulling> StartAsync(string file = "tiny.Q4_K_M.gguf", int bytes = 300_000)
    {
        var pulling = new Pulling { Hub = await FakeHub.StartAsync() };
        pulling.Hub.Files[file] = Content(7, bytes);
        return pulling;
    }

    public static byte[] Content(int seed, int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(seed).NextBytes(content);
        return content;
    }

    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>A whole pull without a command line.</summary>
    public async Task PullAsync(string reference = FakeHub.Repository, HubOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= Hub.Options();
        var wanted = HubReference.TryParse(reference)!;
        using var client = new HubClient(options);
        var repository = await client.DescribeAsync(wanted.Repository, null, cancellationToken);
        var model = HubChoice.Choose(wanted, HubModel.Group(await client.ListAsync(repository, cancellationToken)));
        var pull = new ModelPull(client, repository, model, Folder, options);
        var missing = pull.Missing(cancellationToken);
        pull.CheckDisk(missing);
        await pull.RunAsync(missing, (_, _) => { }, cancellationToken);
    }

    public async Task<string> RefusalAsync(string reference = FakeHub.Repository, HubOptions? options = null) =>
        (await Assert.ThrowsAsync<HubException>(() => PullAsync(reference, options))).Message;

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
