using Countersign.Gateway.Providers;

namespace Countersign.Gateway.Configuration.Checks;

/// <summary>That a provider can be reached, and is not this gateway itself.</summary>
internal static class ProviderChecks
{
    private static readonly string[] RemoteKeys = ["base_url", "key", "headers", "server", "prompt_cache"];
    private static readonly string[] HeadersOfConnections = ["Connection", "Transfer-Encoding", "Upgrade"];
    private static readonly string[] EngineKeys = ["models", "memory", "unload_after", "ctx_size", "threads"];

    public static void Run(CheckedFile file)
    {
        foreach (ProviderOptions provider in file.Configuration.Providers.Values)
        {
            if (file.Find("providers", provider.Name, "api") is null) continue;
            if (provider.Api == ProviderApi.Engine) CheckEngine(provider, file);
            else CheckRemote(provider, file);
        }
    }

    private static void CheckEngine(ProviderOptions provider, CheckedFile file)
    {
        foreach (string key in RemoteKeys.Where(key => file.Find("providers", provider.Name, key) is not null))
        {
            file.Report($"The engine runs in this process and has no '{key}'.", "Remove it.", "providers", provider.Name, key);
        }

        if (provider.Engine.Models is null) file.Report("The engine needs a folder of GGUF files.", "Add 'models: ./models'.", "providers", provider.Name);
        else if (!Directory.Exists(provider.Engine.Models)) file.Report($"There is no folder {provider.Engine.Models}.", "Make it and put GGUF files there, or correct the path.", "providers", provider.Name, "models");
    }

    private static void CheckRemote(ProviderOptions provider, CheckedFile file)
    {
        foreach (string key in EngineKeys.Where(key => file.Find("providers", provider.Name, key) is not null))
        {
            file.Report($"Only the engine has '{key}'.", "Remove it, or write 'api: engine'.", "providers", provider.Name, key);
        }

        CheckHeaders(provider, file);
        if (provider.ChatApi is null && file.Find("providers", provider.Name, "prompt_cache") is not null)
            file.Report("It is given prompts as text, in which nothing can be marked; their beginnings are kept without that.", "Remove it.", "providers", provider.Name, "prompt_cache");

        if (provider.BaseUrl is null)
        {
            if (file.Find("providers", provider.Name, "base_url") is not null) return; // It is there and wrong, which has been said.
            string clouds = string.Join(", ", KnownProviders.All.Select(known => known.Name));
            file.Report("The provider has no address.", $"Add 'base_url', or 'server' with one of the known clouds: {clouds}.", "providers", provider.Name);
        }
        else if (PointsHere(provider.BaseUrl, file.Configuration.Server.Listen))
        {
            file.Report("This is the address of this gateway itself: its requests would go round in a circle.", "Write the address of the server behind it, or listen elsewhere.", "providers", provider.Name, "base_url");
        }
    }

    private static void CheckHeaders(ProviderOptions provider, CheckedFile file)
    {
        using var request = new HttpRequestMessage(); // It takes no header that describes a body.
        if (provider.Key is { } key && !IsHeaderText(key)) file.Report("The key holds a line end or a letter beyond ASCII, which no header carries.", "Copy it again, without what is around it.", "providers", provider.Name, "key");
        foreach (var (name, value) in provider.Headers)
        {
            if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter))) file.Report($"\"{name}\" is no name of a header.", "Write ASCII letters, digits and hyphens.", "providers", provider.Name, "headers", name);
            else if (HeadersOfConnections.Contains(name, StringComparer.OrdinalIgnoreCase) || !request.Headers.TryAddWithoutValidation(name, "")) file.Report($"\"{name}\" is no header of a request that can be set: it describes the body, or the connection.", "Remove it.", "providers", provider.Name, "headers", name);
            else if (!IsHeaderText(value)) file.Report("The value holds a line end or a letter beyond ASCII, which no header carries.", "Write visible ASCII.", "providers", provider.Name, "headers", name);
        }
    }

    private static bool IsHeaderText(string text) => text.All(letter => letter is >= ' ' and <= '~' or '\t');

    private static bool PointsHere(Uri url, string listen) => url.IsLoopback && ListenAddress.Parse(listen) is { } address && address.Port == url.Port && (address.IsLoopback || address.Host is "*" or "0.0.0.0" or "::");
}
