namespace Countersign.Gateway.Pipeline;

/// <summary>The id of a request: <c>req_</c> and a UUID of version 7 (RFC 9562), so that ids sort by time.</summary>
internal static class RequestId
{
    public static string New(TimeProvider time) => string.Create(36, Guid.CreateVersion7(time.GetUtcNow()), static (text, id) =>
    {
        "req_".CopyTo(text);
        id.TryFormat(text[4..], out _, "N");
    });
}
