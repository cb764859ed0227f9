using System.Text.Json;
using System.Text.Unicode;
using Countersign.Gateway.Ledger;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Endpoints;

/// <summary>Reads the body of <c>POST /v1/outcomes</c>. A field that it does not know is refused: a misspelt <c>score</c> must not be lost.</summary>
internal static class OutcomeReader
{
    private static readonly string[] Fields = ["request_id", "success", "score", "source", "note", "idempotency_key"];

    /// <exception cref="ProblemException">It is no outcome; names the field.</exception>
    public static Outcome Read(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) throw ProblemException.Invalid("The body is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw ProblemException.Invalid($"The body is not valid JSON, has one key twice, or is nested too deep: see line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            throw ProblemException.Invalid("A key in the body is no valid Unicode.");
        }
    }

    private static Outcome Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw ProblemException.Invalid("The body must be a JSON object with request_id and success.");
        if (root.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => !Fields.Contains(name)) is { } unknown)
            throw ProblemException.Invalid($"An outcome has no such field; it has {string.Join(", ", Fields)}.", unknown);
        return new Outcome
        {
            RequestId = Text(root, "request_id") ?? throw Wrong("request_id", "the id of a request, as a text; it is in the response header x-countersign-request-id"),
            Success = Flag(root, "success"),
            Score = Number(root, "score"),
            Source = Text(root, "source"),
            Note = Text(root, "note"),
            IdempotencyKey = Text(root, "idempotency_key"),
        };
    }

    private static string? Text(JsonElement root, string name)
    {
        if (Given(root, name) is not { } given) return null;
        if (given.ValueKind != JsonValueKind.String) throw Wrong(name, "a text");
        try
        {
            return given.GetString();
        }
        catch (InvalidOperationException)
        {
            throw Wrong(name, "a text of valid Unicode");
        }
    }

    private static bool Flag(JsonElement root, string name) => Given(root, name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "true or false"),
    };

    private static double? Number(JsonElement root, string name) => Given(root, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        _ => throw Wrong(name, "a number"),
    };

    private static JsonElement? Given(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static ProblemException Wrong(string name, string expected) => ProblemException.Invalid($"'{name}' must be {expected}.", name);
}
