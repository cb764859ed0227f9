using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Reads a message's <c>content</c>: a text, or an array of parts.</summary>
internal static class OpenAiChatContent
{
    public static IReadOnlyList<ContentPart> Read(WireValue value)
    {
        if (value.IsText) return [new TextPart(value.Text())];
        if (!value.IsArray) throw value.Wrong("a string or an array of parts");
        ContentPart[] parts = [.. value.Items().Select(ReadPart)];
        return parts.Length > 0 ? parts : throw value.Wrong("an array of at least one part");
    }

    private static ContentPart ReadPart(WireValue value)
    {
        var part = value.Object();
        return part["type"].Text() switch
        {
            "text" => new TextPart(part["text"].Text()),
            "refusal" => new RefusalPart(part["refusal"].Text()),
            "image_url" => ReadImage(part["image_url"]),
            var type => new OpaquePart(type, part.Element),
        };
    }

    private static ImagePart ReadImage(WireValue value)
    {
        if (value.IsText) return ImageOf(value.Text(), null); // some servers' short form
        var image = value.Object();
        return ImageOf(image["url"].Text(), image["detail"].TextOrNull());
    }

    /// <summary>A <c>data:</c> address in base64 is taken apart, anything else kept.</summary>
    public static ImagePart ImageOf(string url, string? detail)
    {
        const string Scheme = "data:", Base64 = ";base64,";
        int at = url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? url.IndexOf(Base64, StringComparison.OrdinalIgnoreCase) : -1;
        return at < 0
            ? new ImagePart(url, null, null, detail)
            : new ImagePart(null, url[Scheme.Length..at], url[(at + Base64.Length)..], detail);
    }
}
