namespace Countersign.Protocol.Dialects.PromptCaching;

/// <summary>What an upstream wants to be told so that it keeps the beginning of a prompt for the next request.</summary>
/// <param name="Marks">How the end of a prefix is marked.</param>
/// <param name="TakesKey">Whether it takes a <c>prompt_cache_key</c>, which leads requests with the same beginning to the same cache.</param>
/// <param name="LeastTokens">The shortest prefix that it keeps; a mark on a shorter one has no effect.</param>
public sealed record CacheRule(CacheMarks Marks, bool TakesKey, int LeastTokens);

/// <summary>How the end of a prefix is marked: not at all; by Anthropic's <c>cache_control</c> on tools, system and message blocks; by the same on parts of messages only;
/// by OpenAI's <c>prompt_cache_breakpoint</c> at the end of the instructions, beside the one that OpenAI places itself at the end of the conversation.</summary>
public enum CacheMarks { None, Blocks, Parts, Breakpoints }

/// <summary>What was put into a request for its upstream's prompt cache.</summary>
/// <param name="Marks">The prefixes whose ends were marked: <c>tools</c>, <c>system</c>, <c>history</c>.</param>
/// <param name="Key">Whether a <c>prompt_cache_key</c> was added.</param>
public sealed record CacheMarking(IReadOnlyList<string> Marks, bool Key);
