using Countersign.Gateway.Providers.Engine;
using Countersign.Gateway.Shaping;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers;

/// <summary>An API family, a base URL, credentials, and the server behind it.</summary>
public sealed record ProviderOptions
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The API that it speaks.</summary>
    public required ProviderApi Api { get; init; }

    /// <summary>Where, up to and with the version segment (<c>http://gpu-1:8000/v1</c>); <c>null</c> for the engine.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The key; never printed. <c>null</c>: none is sent.</summary>
    public string? Key { get; init; }

    /// <summary>The server behind it (<c>vllm</c>, <c>sglang</c>, <c>llama.cpp</c>, <c>ollama</c>, <c>openai</c>, <c>anthropic</c>, ...); decides how thinking is switched.</summary>
    public string? Server { get; init; }

    /// <summary>Further headers of every call; values are never printed.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether requests are marked for its prompt cache, where a deployment does not say otherwise.</summary>
    public PromptCacheMode PromptCache { get; init; }

    /// <summary>For the engine: its folder of GGUF files, each a deployment by its file's name, and how they are run.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>The API in which chats are asked over HTTP; <c>null</c> where they are put to the model as text.</summary>
    internal WireApiKind? ChatApi => Api switch
    {
        ProviderApi.OpenAi => WireApiKind.OpenAiChat,
        ProviderApi.OpenAiResponses => WireApiKind.OpenAiResponses,
        ProviderApi.Anthropic => WireApiKind.AnthropicMessages,
        ProviderApi.Gemini => WireApiKind.Gemini,
        _ => null,
    };

    /// <summary>The server of the tables where the chat template is rendered here.</summary>
    internal const string RendersTemplate = "engine";

    /// <summary>The server as the tables of families call it: an API that only one maker has is named by it.</summary>
    internal string? ServerOfTables => (Api, Server) switch
    {
        (ProviderApi.Engine or ProviderApi.Completions, _) => RendersTemplate,
        (ProviderApi.Anthropic, null) => "anthropic",
        (ProviderApi.Gemini, null) => "gemini",
        (ProviderApi.OpenAiResponses, null) or (_, "azure") => "openai",
        (ProviderApi.OpenAi, "gemini") => "gemini-openai",
        _ => Server,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Api} {BaseUrl?.ToString() ?? Engine.Models})";
}

/// <summary>The APIs that providers speak. <see cref="Gemini"/> is Google's own; <see cref="OpenAiResponses"/> is OpenAI's other API at the same base URL;
/// <see cref="Completions"/> takes a prompt as text and goes on with it.</summary>
public enum ProviderApi { OpenAi, OpenAiResponses, Anthropic, Gemini, Engine, Completions }
