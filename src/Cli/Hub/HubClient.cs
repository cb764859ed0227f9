using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Countersign.Cli.Hub;

/// <summary>What a hub tells of a repository, and the bytes of its files.</summary>
internal sealed partial class HubClient(HubOptions options) : IDisposable
{
    private const int MaxAnswer = 32 << 20, MaxPages = 100;

    private readonly HubTransport transport = new(options);

    /// <summary>The repository at a revision (a branch, a tag or a commit).</summary>
    /// <exception cref="HubException">There is none, or it may not be read.</exception>
    public async Task<HubRepository> DescribeAsync(string repository, string? revision, CancellationToken cancellationToken)
    {
        var address = new Uri($"{options.Endpoint}/api/models/{repository}{(revision is null ? "" : $"/revision/{Uri.EscapeDataString(revision)}")}");
        var (card, _) = await JsonAsync(address, HubJson.Default.ModelCard, cancellationToken);
        return HubRepository.Of(repository, revision ?? "main", card);
    }

    /// <summary>All model files of a repository, also those in folders.</summary>
    /// <exception cref="HubException">The hub does not list them.</exception>
    public async Task<IReadOnlyList<HubFile>> ListAsync(HubRepository repository, CancellationToken cancellationToken)
    {
        var files = new List<HubFile>();
        var page = new Uri($"{options.Endpoint}/api/models/{repository.Name}/tree/{Uri.EscapeDataString(repository.Commit)}?recursive=true");
        for (int pages = 0; page is not null; pages++)
        {
            if (pages == MaxPages) throw new HubException($"{repository.Name} has more files than can be listed.");
            var (entries, next) = await JsonAsync(page, HubJson.Default.IReadOnlyListTreeEntry, cancellationToken);
            files.AddRange(entries.Select(HubFile.Of).OfType<HubFile>());
            page = next;
        }

        return files;
    }

    /// <summary>A file's bytes from <paramref name="from"/> on, where the hub can; see <see cref="HubTransport.GetAsync"/>.</summary>
    public Task<HttpResponseMessage> OpenAsync(HubRepository repository, HubFile file, long from, EntityTagHeaderValue? etag, CancellationToken cancellationToken)
    {
        string path = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        return transport.GetAsync(new Uri($"{options.Endpoint}/{repository.Name}/resolve/{Uri.EscapeDataString(repository.Commit)}/{path}"), from, etag, cancellationToken);
    }

    public void Dispose() => transport.Dispose();

    /// <summary>An answer, and the page after it as the <c>Link</c> header names it.</summary>
    private Task<(T Value, Uri? Next)> JsonAsync<T>(Uri address, JsonTypeInfo<T> type, CancellationToken cancellationToken) => HubRetry.RunAsync(options, () => 0, async () =>
    {
        using var response = await transport.GetAsync(address, 0, null, cancellationToken);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(options.StallAfter);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswer, stall.Token);
            var value = await response.Content.ReadFromJsonAsync(type, stall.Token) ?? throw new JsonException();
            return (value, NextOf(response, address));
        }
        catch (JsonException)
        {
            throw new HubException($"{address.Host} does not answer as a model hub does. Check HF_ENDPOINT.");
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new HubException($"{address.Host} broke off its answer.", isTransient: true);
        }
    }, cancellationToken);

    private static Uri? NextOf(HttpResponseMessage response, Uri address) =>
        response.Headers.TryGetValues("Link", out var links) && NextLink().Match(string.Join(',', links)) is { Success: true } link && Uri.TryCreate(address, link.Groups[1].Value, out var next) ? next : null;

    [GeneratedRegex("<([^<>]+)>\\s*;\\s*rel=\"?next\"?")]
    private static partial Regex NextLink();
}
