using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Cli.Hub;

/// <summary>An entry of <c>/api/models/{repository}/tree/{revision}</c>.</summary>
internal sealed record TreeEntry(string? Type, string? Path, long Size, TreeLfs? Lfs);

/// <summary>A large file's content: <c>oid</c> is its SHA-256 in hexadecimal.</summary>
internal sealed record TreeLfs(string? Oid, long Size);

/// <summary>The part of <c>/api/models/{repository}</c> that a pull shows. <c>gated</c> is <c>false</c> or says how access is given.</summary>
internal sealed record ModelCard(string? Sha, IReadOnlyList<string>? Tags, JsonElement? CardData, JsonElement? Gated);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<TreeEntry>))]
[JsonSerializable(typeof(ModelCard))]
internal sealed partial class HubJson : JsonSerializerContext;
