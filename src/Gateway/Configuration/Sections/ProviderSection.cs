using Countersign.Gateway.Configuration.Files;
using Countersign.Gateway.Configuration.Shapes;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Shaping;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>Who serves models.</summary>
internal static class ProviderSection
{
    /// <summary>Whether requests are marked for prompt caches.</summary>
    public static readonly Shape<PromptCacheMode> PromptCache = Scalars.Choice(("auto", PromptCacheMode.Auto), ("off", PromptCacheMode.Off));

    public static readonly ObjectShape<ProviderOptions> Provider = new ObjectShape<ProviderOptions>("Who serves models.", name => new ProviderOptions { Name = name, Api = ProviderApi.OpenAi })
        .Required("api", "The API that it speaks; 'openai' is every server that is compatible with OpenAI's, 'openai_responses' OpenAI's newer API, 'gemini' Google's own, 'completions' takes a prompt as text, which is made here from the model's chat template (llama-server's own API where server is llama.cpp), 'engine' runs GGUF files in this process.",
            Scalars.Choice(("openai", ProviderApi.OpenAi), ("openai_responses", ProviderApi.OpenAiResponses), ("anthropic", ProviderApi.Anthropic), ("gemini", ProviderApi.Gemini), ("completions", ProviderApi.Completions), ("engine", ProviderApi.Engine)), (o, api) => o with { Api = api })
        .Optional("server", "The server behind it (vllm, sglang, llama.cpp, ollama, openai, openrouter, ...); decides how thinking is switched. Known clouds have their address by this name.", Scalars.Text, (o, server) => o with { Server = server })
        .Optional("base_url", "Its address, up to and with the version segment, such as http://gpu-1:8000/v1.", Scalars.Url, (o, url) => o with { BaseUrl = url })
        .Optional("key", "Its key, best as ${NAME} from the environment; none is sent where it is empty.", Scalars.Secret, (o, key) => o with { Key = key })
        .Optional("headers", "Further headers of every call.", new MapShape<string?>(Scalars.Secret), (o, headers) => o with { Headers = Given(headers) })
        .Optional("prompt_cache", "Whether requests are marked for its prompt cache: 'auto' where another request may begin with the same long tools, instructions or conversation, 'off' never. A caller's own marks stay as they are.", PromptCache, o => o.PromptCache, (o, mode) => o with { PromptCache = mode })
        .Optional("models", "For the engine: the folder of GGUF files. Each is a deployment by its file's name. A relative path starts from this file's folder.", Scalars.Text, (o, models) => o with { Engine = o.Engine with { Models = models } })
        .Optional("memory", "For the engine: the most memory that its loaded models take together, such as 8GiB. Left out: three quarters of the machine's.", Scalars.LargeSize, (o, bytes) => o with { Engine = o.Engine with { MemoryBytes = bytes } })
        .Optional("unload_after", "For the engine: how long a model stays loaded after its last request.", Scalars.Duration("0s", "30d"), o => o.Engine.UnloadAfter, (o, time) => o with { Engine = o.Engine with { UnloadAfter = time } })
        .Optional("ctx_size", "For the engine: the longest conversation in tokens, prompt and answer together. Left out: the model's own limit, but at most 8192.", Scalars.Integer(1, 1 << 24), (o, tokens) => o with { Engine = o.Engine with { ContextLength = tokens } })
        .Optional("threads", "For the engine: threads that compute. Left out: one for each processor.", Scalars.Integer(1, 1024), (o, threads) => o with { Engine = o.Engine with { Threads = threads } });

    private static Dictionary<string, string> Given(IReadOnlyDictionary<string, string?> headers) =>
        headers.Where(header => header.Value is not null).ToDictionary(header => header.Key, header => header.Value!);
}
