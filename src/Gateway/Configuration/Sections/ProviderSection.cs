using Countersign.Gateway.Configuration.Files;
using Countersign.Gateway.Configuration.Shapes;
using Countersign.Gateway.Providers;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>Who serves models.</summary>
internal static class ProviderSection
{
    public static readonly ObjectShape<ProviderOptions> Provider = new ObjectShape<ProviderOptions>("Who serves models.", name => new ProviderOptions { Name = name, Api = ProviderApi.OpenAi })
        .Required("api", "The API that it speaks; 'openai' is every server that is compatible with OpenAI's, 'openai_responses' OpenAI's newer API, 'engine' runs GGUF files in this process.",
            Scalars.Choice(("openai", ProviderApi.OpenAi), ("openai_responses", ProviderApi.OpenAiResponses), ("anthropic", ProviderApi.Anthropic), ("engine", ProviderApi.Engine)), (o, api) => o with { Api = api })
        .Optional("server", "The server behind it (vllm, sglang, llama.cpp, ollama, openai, openrouter, ...); decides how thinking is switched. Known clouds have their address by this name.", Scalars.Text, (o, server) => o with { Server = server })
        .Optional("base_url", "Its address, up to and with the version segment, such as http://gpu-1:8000/v1.", Scalars.Url, (o, url) => o with { BaseUrl = url })
        .Optional("key", "Its key, best as ${NAME} from the environment; none is sent where it is empty.", Scalars.Secret, (o, key) => o with { Key = key })
        .Optional("headers", "Further headers of every call.", new MapShape<string?>(Scalars.Secret), (o, headers) => o with { Headers = Given(headers) })
        .Optional("models", "For the engine: the folder of GGUF files. Each is a deployment by its file's name. A relative path starts from this file's folder.", Scalars.Text, (o, models) => o with { Models = models });

    private static Dictionary<string, string> Given(IReadOnlyDictionary<string, string?> headers) =>
        headers.Where(header => header.Value is not null).ToDictionary(header => header.Key, header => header.Value!);
}
