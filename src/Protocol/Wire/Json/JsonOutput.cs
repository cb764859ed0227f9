using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Protocol.Wire.Json;

/// <summary>How JSON is written to callers and upstreams: compact, and text as text, not as escapes.</summary>
internal static class JsonOutput
{
    /// <summary>The relaxed encoder is right here: the bytes go out as JSON over HTTP, never into a page. Validation is off because every writer here is tested.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
