namespace Countersign.Cli.Hub;

/// <summary>Which hub is asked, and how patiently. A class, not a record: nothing may print the token.</summary>
internal sealed class HubOptions
{
    private const string Standard = "https://huggingface.co";

    /// <summary>The hub's address, without a slash at its end.</summary>
    public string Endpoint { get; init; } = Standard;

    /// <summary>Sent to the <see cref="Endpoint"/>'s own origin only; <c>null</c>: none.</summary>
    public string? Token { get; init; }

    /// <summary>A hub that sends nothing for so long counts as gone.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the second try; it doubles with each further one, up to <see cref="MaxDelay"/>.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait; a hub that asks for a longer one is not asked again.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often one thing is tried without any progress.</summary>
    public int MaxTries { get; init; } = 6;

    /// <summary>The bytes free on the disk of a folder.</summary>
    public Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What <c>HF_ENDPOINT</c> and <c>HF_TOKEN</c> say.</summary>
    /// <exception cref="HubException">One of them is of no use.</exception>
    public static HubOptions FromEnvironment(Func<string, string?> read)
    {
        string endpoint = read("HF_ENDPOINT")?.Trim().TrimEnd('/') is { Length: > 0 } own ? own : Standard;
        string? token = read("HF_TOKEN")?.Trim() is { Length: > 0 } secret ? secret : null;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Query.Length > 0 || address.UserInfo.Length > 0)
            throw new HubException("HF_ENDPOINT is not the address of a hub; it looks like https://huggingface.co.");
        if (token is not null && token.Any(character => character is <= ' ' or > '~')) throw new HubException("HF_TOKEN holds characters that no token has.");
        return new HubOptions { Endpoint = endpoint, Token = token };
    }
}
