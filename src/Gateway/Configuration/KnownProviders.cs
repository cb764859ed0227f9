using Countersign.Gateway.Providers;

namespace Countersign.Gateway.Configuration;

/// <summary>A cloud that needs no address in a file: its name says it.</summary>
/// <param name="Name">Its name, also as <see cref="ProviderOptions.Server"/>.</param>
/// <param name="Api">The API that it speaks.</param>
/// <param name="BaseUrl">Its address, as its maker documents it.</param>
/// <param name="KeyVariables">The environment variables in which its key usually stands, most usual first.</param>
public sealed record KnownProvider(string Name, ProviderApi Api, Uri BaseUrl, IReadOnlyList<string> KeyVariables)
{
    /// <summary>Its address for OpenAI's API, where it speaks that too and elsewhere.</summary>
    public Uri? OpenAiUrl { get; init; }

    /// <summary>The address for an API.</summary>
    internal Uri AddressFor(ProviderApi api) => api == ProviderApi.OpenAi ? OpenAiUrl ?? BaseUrl : BaseUrl;
}

/// <summary>The clouds that are known by name.</summary>
public static class KnownProviders
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<KnownProvider> All { get; } =
    [
        Of("openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
        new("anthropic", ProviderApi.Anthropic, new Uri("https://api.anthropic.com/v1"), ["ANTHROPIC_API_KEY"]),
        Of("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        Of("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
        Of("mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
        Of("deepseek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
        Of("together", "https://api.together.xyz/v1", "TOGETHER_API_KEY"),
        Of("fireworks", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
        Of("cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
        new("gemini", ProviderApi.Gemini, new Uri("https://generativelanguage.googleapis.com/v1beta"), ["GEMINI_API_KEY", "GOOGLE_API_KEY"])
        {
            OpenAiUrl = new Uri("https://generativelanguage.googleapis.com/v1beta/openai"),
        },
        Of("xai", "https://api.x.ai/v1", "XAI_API_KEY"),
        Of("moonshot", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"),
        Of("z.ai", "https://api.z.ai/api/paas/v4", "ZAI_API_KEY"),
    ];

    /// <summary>The cloud named <paramref name="name"/>, or <c>null</c>.</summary>
    public static KnownProvider? Find(string? name) => All.FirstOrDefault(known => known.Name == name);

    private static KnownProvider Of(string name, string url, params string[] variables) => new(name, ProviderApi.OpenAi, new Uri(url), variables);
}
