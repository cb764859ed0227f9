using System.Text;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Puts the tool calls of one choice in order. Servers leave out index or id, give every whole call the index 0, repeat id and name in every chunk,
/// or give each chunk another id; the events that come out have one index per call, and id and name in its first one.</summary>
internal sealed class OpenAiToolCallReader(int choice)
{
    private const int MostCalls = 1024;

    private readonly List<Call> calls = [];

    public bool Any => calls.Count > 0;

    /// <summary>Reads a piece of a call.</summary>
    /// <param name="delta">The piece.</param>
    /// <param name="place">Its place among the calls of a whole answer, where each piece is a call; <c>null</c> in a stream.</param>
    /// <param name="events">Takes what it means.</param>
    public void Read(JsonElement delta, int? place, ICollection<ChatEvent> events)
    {
        var function = delta.Member("function"u8).IsObject() ? delta.Member("function"u8) : delta.Member("custom"u8);
        Read(place ?? delta.Member("index"u8).Count(), delta.Member("id"u8).SomeText(), function, events);
    }

    /// <summary>The form before <c>tool_calls</c>: one call, without id.</summary>
    public void ReadFunction(JsonElement function, ICollection<ChatEvent> events) => Read(0, null, function, events);

    /// <summary>Gives out what waited for a name that never came: no tool has it, which a validator will find.</summary>
    public void Finish(ICollection<ChatEvent> events)
    {
        for (int index = 0; index < calls.Count; index++)
        {
            if (calls[index].Name is null) Begin(index, "", events);
        }
    }

    private void Read(long? given, string? id, JsonElement function, ICollection<ChatEvent> events)
    {
        string? name = function.Member("name"u8).SomeText();
        int index = Find(given, id, name);
        var call = calls[index];
        string arguments = ArgumentsOf(function);
        if (call.Name is not null)
        {
            if (arguments.Length > 0) events.Add(new ToolCallDelta(choice, index, null, null, arguments));
            return;
        }

        call.Waiting.Append(arguments);
        if (name is not null) Begin(index, name, events);
    }

    private void Begin(int index, string name, ICollection<ChatEvent> events)
    {
        var call = calls[index];
        call.Name = name;
        events.Add(new ToolCallDelta(choice, index, call.Id, name, call.Waiting.ToString()));
        call.Waiting.Clear();
    }

    private int Find(long? given, string? id, string? name)
    {
        int found = given is not null
            ? calls.FindLastIndex(call => call.Given == given)
            : id is not null ? calls.FindLastIndex(call => call.Id == id) : calls.Count - 1;
        if (found >= 0 && !BeginsAnother(calls[found], given, id, name)) return found;
        if (calls.Count == MostCalls) throw new ProblemException(new Problem(ProblemKind.UpstreamFailed, $"The upstream's answer has more than {MostCalls} tool calls."));
        calls.Add(new Call(given, id ?? NewId()));
        return calls.Count - 1;
    }

    /// <summary>Whether a piece begins another call than the one found, although their indexes agree: it is named, and has another id; or, without ids, no index or another name.</summary>
    private static bool BeginsAnother(Call call, long? given, string? id, string? name) =>
        name is not null && call.Name is not null && (id is not null ? call.Id != id : given is null || call.Name != name);

    private static string ArgumentsOf(JsonElement function)
    {
        var arguments = function.Member("arguments"u8);
        return arguments.IsObject() ? arguments.GetRawText() : arguments.Text() ?? function.String("input"u8) ?? "";
    }

    private static string NewId() => $"call_{Guid.NewGuid():N}"[..29];

    private sealed class Call(long? given, string id)
    {
        public long? Given { get; } = given;
        public string Id { get; } = id;
        public string? Name { get; set; }
        public StringBuilder Waiting { get; } = new();
    }
}
