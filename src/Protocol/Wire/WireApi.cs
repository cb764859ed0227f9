using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.AnthropicMessages;
using Countersign.Protocol.Wire.Json;
using Countersign.Protocol.Wire.OpenAiChat;
using Countersign.Protocol.Wire.OpenAiResponses;

namespace Countersign.Protocol.Wire;

/// <summary>The HTTP APIs that are spoken: to callers and to upstreams, but <see cref="Gemini"/> to upstreams only.</summary>
public enum WireApiKind { OpenAiChat, OpenAiResponses, AnthropicMessages, Gemini }

/// <summary>One HTTP API that callers speak too: reads and writes its requests and answers. Knows no HTTP client and no server, only bytes. Stateless and thread-safe.</summary>
public abstract class WireApi : UpstreamApi
{
    /// <summary>The version of Anthropic's API that is spoken, to callers and upstreams: its only one since 2023, as every feature since is a field or a beta header.</summary>
    public const string AnthropicVersion = "2023-06-01";

    private static readonly OpenAiChatApi OpenAiChat = new();
    private static readonly ResponsesApi OpenAiResponses = new();
    private static readonly AnthropicApi AnthropicMessages = new();

    /// <summary>The API for <paramref name="kind"/>, one of those that callers speak.</summary>
    public static WireApi For(WireApiKind kind) => kind switch
    {
        WireApiKind.OpenAiChat => OpenAiChat,
        WireApiKind.OpenAiResponses => OpenAiResponses,
        WireApiKind.AnthropicMessages => AnthropicMessages,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Reads a request in full.</summary>
    /// <exception cref="ProblemException">A field is of the wrong type or out of range; names the parameter.</exception>
    public abstract ChatRequest ReadRequest(WireRequest wire);

    /// <summary>Reads a request's tools alone, and whether its choice is among them.</summary>
    /// <exception cref="ProblemException">They are malformed, two have one name, or the choice is of none; names the parameter.</exception>
    public IReadOnlyList<ToolDefinition> ReadTools(WireRequest wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        return ReadTools(ValueOf(wire.Tools, "tools"), ValueOf(wire.ToolChoice, "tool_choice"));
    }

    /// <summary>The parameter that holds a tool's schema.</summary>
    /// <param name="index">The tool's place among the tools.</param>
    public abstract string SchemaParam(int index);

    private protected abstract IReadOnlyList<ToolDefinition> ReadTools(WireValue tools, WireValue choice);

    private static WireValue ValueOf(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            return new WireValue(json.IsEmpty ? default : JsonElement.Parse(json.Span, new JsonDocumentOptions { MaxDepth = WireLimits.Depth, AllowDuplicateProperties = false }), null, name);
        }
        catch (JsonException)
        {
            throw ProblemException.Invalid($"'{name}' has one key twice in an object.", name);
        }
    }

    /// <summary>A writer for one answer to a client who speaks this API.</summary>
    public abstract AnswerWriter NewAnswerWriter(AnswerHead head);

    /// <summary>Writes an error body.</summary>
    public abstract void WriteProblem(Problem problem, IBufferWriter<byte> output);

    /// <summary>The HTTP status of a problem; the same in every API.</summary>
    public static int StatusOf(ProblemKind kind) => kind switch
    {
        ProblemKind.InvalidRequest => 400,
        ProblemKind.Unauthenticated => 401,
        ProblemKind.BudgetExceeded => 402,
        ProblemKind.Forbidden => 403,
        ProblemKind.NotFound => 404,
        ProblemKind.MethodNotAllowed => 405,
        ProblemKind.SlowRequest => 408,
        ProblemKind.TooLarge => 413,
        ProblemKind.NotCountersigned => 422,
        ProblemKind.RateLimited => 429,
        ProblemKind.Cancelled => 499,
        ProblemKind.UpstreamFailed => 502,
        ProblemKind.UpstreamUnavailable or ProblemKind.Unavailable => 503,
        ProblemKind.Timeout => 504,
        _ => 500,
    };
}

/// <summary>Where a written request goes.</summary>
/// <param name="Model">The upstream's name of the model.</param>
/// <param name="Stream">Whether the answer shall come as a stream. A stream is always asked to end with its usage.</param>
/// <param name="Server">The server behind the upstream (<c>openai</c>, <c>vllm</c>, ...) where known; decides which of two names a field gets.</param>
public sealed record WireTarget(string Model, bool Stream, string? Server = null)
{
    /// <summary>What the model is told of thinking, in its own way; <c>null</c>: what the request says is written as the API's maker does.</summary>
    public AppliedThinking? Thinking { get; init; }

    /// <summary>Who seals the reasoning of the model, and takes back its own seals only (<see cref="Makers"/>); <c>null</c>: nobody is known to.</summary>
    public string? Maker { get; init; }

    /// <summary>Whether it is OpenAI itself, which refuses what many servers after its model take.</summary>
    internal bool IsOpenAi => Server is "openai" or "azure";

    /// <summary>Whether sealed reasoning goes back to it in OpenAI's chat API, as <c>reasoning_details</c>.</summary>
    internal bool TakesSeals => Server is "openrouter";

    /// <summary>The field that limits output tokens, where the caller's own request does not say. OpenAI's reasoning models refuse <c>max_tokens</c>;
    /// many other servers know nothing else, and would silently run on.</summary>
    internal string LimitField(WireApiKind api) => api switch
    {
        WireApiKind.OpenAiResponses => "max_output_tokens",
        WireApiKind.OpenAiChat when IsOpenAi => "max_completion_tokens",
        _ => "max_tokens",
    };
}

/// <summary>What an answer's head needs.</summary>
/// <param name="RequestId">The request's id, also used as the answer's.</param>
/// <param name="Model">The model name that the client sees.</param>
/// <param name="Created">When the answer began.</param>
/// <param name="ReadRequest">Reads the request, for the fields that the API echoes. An error that ends a stream is written without it: the request may be one that
/// was passed on unread, and that cannot be read.</param>
public sealed record AnswerHead(string RequestId, string Model, DateTimeOffset Created, Func<ChatRequest> ReadRequest)
{
    /// <summary>The head of an answer to a request that was read.</summary>
    public AnswerHead(string requestId, string model, DateTimeOffset created, ChatRequest request)
        : this(requestId, model, created, () => request)
    {
    }

    /// <summary>The request.</summary>
    /// <exception cref="ProblemException">It cannot be read.</exception>
    public ChatRequest Request => ReadRequest();
}

/// <summary>Reads one answer of an upstream into events. Not thread-safe; one per answer.</summary>
public abstract class AnswerReader
{
    /// <summary>Reads one SSE event's data (<paramref name="eventType"/> is its <c>event:</c> line, empty where none) and appends what it means to <paramref name="events"/>.</summary>
    /// <exception cref="ProblemException">The data is no JSON, or an error that the upstream reports within the stream.</exception>
    public abstract void ReadFrame(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, ICollection<ChatEvent> events);

    /// <summary>Whether the stream said that it is complete (<c>[DONE]</c>, <c>message_stop</c>, <c>response.completed</c>, or every choice finished). A stream that ends without was cut.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>Reads a whole, non-streamed answer.</summary>
    /// <exception cref="ProblemException">It is no JSON of the API's form.</exception>
    public abstract void ReadWhole(ReadOnlySpan<byte> body, ICollection<ChatEvent> events);
}

/// <summary>Writes one answer to a client. Not thread-safe; one per answer.</summary>
public abstract class AnswerWriter
{
    /// <summary>Writes the SSE frames that <paramref name="chatEvent"/> means; may write nothing. Events of any upstream API are welcome.</summary>
    public abstract void WriteFrame(ChatEvent chatEvent, IBufferWriter<byte> output);

    /// <summary>Writes the frames that close the stream, with the whole request's usage where the client asked for it. Sent only after the ledger's commit.</summary>
    /// <param name="usage">The sum over all attempts; <c>null</c> where nothing is known.</param>
    /// <param name="output">Takes the frames.</param>
    public abstract void WriteEnd(Usage? usage, IBufferWriter<byte> output);

    /// <summary>Writes an error that happens after the stream began.</summary>
    public abstract void WriteStreamProblem(Problem problem, IBufferWriter<byte> output);

    /// <summary>Writes a whole answer as JSON.</summary>
    /// <param name="answer">The winner.</param>
    /// <param name="usage">The sum over all attempts.</param>
    /// <param name="countersign">JSON text of the <c>countersign</c> object, or empty for none.</param>
    /// <param name="output">Takes the body.</param>
    public abstract void WriteWhole(ChatAnswer answer, Usage? usage, ReadOnlySpan<byte> countersign, IBufferWriter<byte> output);
}
