namespace Countersign.Protocol.Tests.Dialects.Efforts;

/// <summary>The models that must work, as their makers or hosts name them, and the servers that they must work on.</summary>
internal static class IssueModels
{
    public static readonly string[] Names =
    [
        "Qwen/Qwen3-32B", "Qwen/Qwen3-235B-A22B", "Qwen/Qwen3-30B-A3B", "Qwen/Qwen3-30B-A3B-Instruct-2507", "Qwen/Qwen3-30B-A3B-Thinking-2507", "Qwen/Qwen3-Coder-480B-A35B-Instruct", "Qwen/QwQ-32B",
        "Qwen/Qwen3.5-122B-A10B", "Qwen/Qwen3.6-27B", "Qwen/Qwen3.6-35B-A3B", "zai-org/GLM-4.5", "zai-org/GLM-4.6", "zai-org/GLM-4.7", "zai-org/GLM-5.2",
        "moonshotai/Kimi-K2-Instruct", "moonshotai/Kimi-K2-Thinking", "moonshotai/Kimi-K2.5", "deepseek-ai/DeepSeek-R1", "deepseek-ai/DeepSeek-V3", "deepseek-ai/DeepSeek-V3.1", "deepseek-ai/DeepSeek-V3.2",
        "deepseek-ai/DeepSeek-V4-Pro", "MiniMaxAI/MiniMax-M1-80k", "MiniMaxAI/MiniMax-M2", "MiniMaxAI/MiniMax-M3", "baidu/ERNIE-4.5-300B-A47B-PT", "baidu/ERNIE-4.5-VL-28B-A3B", "openPangu-Embedded-7B",
        "openai/gpt-oss-20b", "openai/gpt-oss-120b", "gpt-5", "gpt-5-mini", "gpt-5.4-mini", "o1", "o3", "o3-mini", "meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-4-Maverick-17B-128E-Instruct", "muse-spark-1.1",
        "google/gemma-3-27b-it", "google/gemma-3-270m-it", "google/gemma-4-31B-it", "gemini-2.5-pro", "gemini-2.5-flash", "gemini-3.1-pro-preview", "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B", "microsoft/phi-4", "microsoft/Phi-4-reasoning",
        "ibm-granite/granite-3.3-8b-instruct", "ibm-granite/granite-4.0-h-small", "swiss-ai/Apertus-70B-Instruct-2509", "allenai/Olmo-3-7B-Instruct", "allenai/Olmo-3-32B-Think", "grok-4.3", "grok-4.5",
        "claude-sonnet-4-20250514", "claude-sonnet-5", "claude-opus-4-8", "claude-fable-5",
    ];

    public static readonly string[] Servers =
    [
        "vllm", "sglang", "llama.cpp", "ollama", "openrouter", "groq", "cerebras", "together", "fireworks", "fastdeploy", "deepseek", "z.ai", "moonshot", "minimax", "alibaba", "openai", "anthropic", "gemini", "engine",
    ];
}
