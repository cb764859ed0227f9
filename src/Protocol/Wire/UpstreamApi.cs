using System.Buffers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Gemini;

namespace Countersign.Protocol.Wire;

/// <summary>The half of an HTTP API that talks to upstreams: writes requests, reads answers. Knows no HTTP client, only bytes. Stateless and thread-safe.</summary>
public abstract class UpstreamApi
{
    private static readonly GeminiApi Gemini = new();

    /// <summary>Which API.</summary>
    public abstract WireApiKind Kind { get; }

    /// <summary>The API for <paramref name="kind"/>, also where no caller speaks it.</summary>
    public static UpstreamApi Of(WireApiKind kind) => kind == WireApiKind.Gemini ? Gemini : WireApi.For(kind);

    /// <summary>Writes a request for an upstream that speaks this API. A request that came in this API keeps every field it had.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="target">For which upstream model, streamed or not.</param>
    /// <param name="output">Takes the JSON body.</param>
    /// <param name="warnings">Takes a line for each field that this API cannot carry and that changes no meaning when left out.</param>
    /// <exception cref="ProblemException">A field that cannot be carried and must not be dropped.</exception>
    public abstract void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> warnings);

    /// <summary>Why no thinking may be asked for beside the rest of a request that came in another API; <c>null</c> where it may.</summary>
    public virtual string? ThinkingObstacle(ChatRequest request) => null;

    /// <summary>A reader for one answer of an upstream that speaks this API.</summary>
    public AnswerReader NewAnswerReader() => NewAnswerReader(Makers.OwnOf(Kind));

    /// <summary>A reader for one answer of an upstream that speaks this API.</summary>
    /// <param name="maker">Who seals the reasoning of the model asked, where the answer does not say; <c>null</c>: nobody is known to.</param>
    public AnswerReader NewAnswerReader(string? maker) => NewAnswerReader(maker, choices: 1);

    /// <summary>A reader for one answer of an upstream that speaks this API.</summary>
    /// <param name="maker">Who seals the reasoning of the model asked, where the answer does not say; <c>null</c>: nobody is known to.</param>
    /// <param name="choices">How many choices were asked for: before all of them have finished, a stream whose end nothing marks was cut.</param>
    public abstract AnswerReader NewAnswerReader(string? maker, int choices);

    /// <summary>The problem that an upstream's error answer means.</summary>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="body">Its body, possibly cut.</param>
    public abstract Problem ReadProblem(int status, ReadOnlySpan<byte> body);
}
