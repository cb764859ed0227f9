namespace Countersign.Gateway.Shaping;

/// <summary>Whether requests are marked for upstreams' prompt caches: where it can pay, or never.</summary>
public enum PromptCacheMode { Auto, Off }
