using System.Text;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;

namespace Countersign.Protocol.Tests.ToolCalls;

/// <summary>A raw answer and what must be read out of it.</summary>
internal sealed record RawCase(string Name, TextStyle Style, string Input, bool StartsInThought, IReadOnlyList<ToolDefinition> Tools, IReadOnlyList<string>? Chunks)
{
    /// <summary>Every way of cutting the text that is tried: whole, in two at each place, into 1 to 7 characters, as given, and the same for its bytes.</summary>
    public IEnumerable<(string Cut, ChatChoice Choice)> Readings()
    {
        yield return ("whole", Read([Input]));
        for (int at = 1; at < Input.Length; at++) yield return ($"at {at}", Read([Input[..at], Input[at..]]));
        foreach (int size in (int[])[1, 2, 3, 5, 7]) yield return ($"by {size}", Read(Input.Chunk(size).Select(piece => new string(piece))));
        if (Chunks is not null) yield return ("as given", Read(Chunks));
        byte[] bytes = Encoding.UTF8.GetBytes(Input);
        for (int at = 1; at < bytes.Length; at++)
        {
            if ((bytes[at] & 0xC0) == 0x80) yield return ($"at byte {at}", ReadBytes([bytes[..at], bytes[at..]]));
        }

        foreach (int size in (int[])[1, 2, 3]) yield return ($"by {size} bytes", ReadBytes(bytes.Chunk(size)));
    }

    public IReadOnlyList<ChatEvent> Events(IEnumerable<string> pieces)
    {
        var reader = new RawTextReader(Style, Tools, StartsInThought);
        List<ChatEvent> events = [];
        foreach (string piece in pieces) events.AddRange(reader.Add(piece));
        return [.. events, .. reader.Complete()];
    }

    public ChatChoice Read(IEnumerable<string> pieces) => Join(Events(pieces));

    private ChatChoice ReadBytes(IEnumerable<byte[]> pieces)
    {
        var reader = new RawTextReader(Style, Tools, StartsInThought);
        List<ChatEvent> events = [];
        foreach (byte[] piece in pieces) events.AddRange(reader.Add((ReadOnlySpan<byte>)piece));
        return Join([.. events, .. reader.Complete()]);
    }

    private static ChatChoice Join(IEnumerable<ChatEvent> events)
    {
        var builder = new AnswerBuilder();
        foreach (var chatEvent in events) builder.Add(chatEvent);
        var choices = builder.Build().Choices;
        return choices.Count > 0 ? choices[0] : new ChatChoice { Index = 0 };
    }

    /// <summary>Tools from a table of parameter types.</summary>
    public static IReadOnlyList<ToolDefinition> ToolsOf(JsonElement schemas) =>
        [.. schemas.EnumerateObject().Select(tool => new ToolDefinition { Name = tool.Name, Parameters = SchemaOf(tool.Value) })];

    private static JsonElement SchemaOf(JsonElement types)
    {
        var properties = types.EnumerateObject().Select(type => $"\"{type.Name}\":{{\"type\":\"{type.Value}\"}}");
        return JsonElement.Parse($"{{\"type\":\"object\",\"properties\":{{{string.Join(',', properties)}}}}}");
    }
}
