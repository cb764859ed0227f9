using System.Text;
using System.Text.Json;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Llama 3: a bare JSON object, optionally after <c>&lt;|python_tag|&gt;</c>, in a row with <c>;</c> or line breaks. With no marks of its own,
/// an object in the text is a call only where it is closed and has a name and parameters.</summary>
internal sealed class Llama3Calls() : ToolCallFormat("llama3_json")
{
    private const string Tag = "<|python_tag|>";

    internal override IReadOnlyList<string> Openers { get; } = [Tag, "{"];

    internal override IEnumerable<Need> Read(RawReading reading)
    {
        bool isTagged = reading.Mark == Tag;
        if (isTagged) reading.SkipMark();
        foreach (var need in FindObject(reading)) yield return need;
        if (reading.Mark is null)
        {
            reading.GiveBack(isTagged ? "A tool call was begun and not made." : null);
            yield break;
        }

        var json = new StringBuilder();
        foreach (var need in JsonObject.Read(reading, null, json)) yield return need;
        bool isCut = reading.Mark is null;
        var call = isCut ? null : JsonCall.Read(json.ToString(), JsonCallForm.Named, out _);
        if (call is null)
        {
            reading.GiveBack(isTagged || isCut && IsLikeCall(json.ToString()) ? "A tool call is cut off or not written as one." : null);
            yield break;
        }

        reading.Writer.Call(call.Name, call.Arguments, call.Id);
        reading.Scanner.Release();
        foreach (var need in reading.SkipMarkAfterSpace(";")) yield return need;
    }

    /// <summary>Looks whether an object follows that has the first key of a call. Other objects are given on as text at once.</summary>
    private static IEnumerable<Need> FindObject(RawReading reading)
    {
        var scanner = reading.Scanner;
        while (true)
        {
            var begins = BeginsCall(scanner.Rest, scanner.IsComplete);
            reading.Note(begins == true ? "{" : null);
            if (begins == false && scanner.Rest is ['{', ..]) scanner.Skip(1);
            if (begins is not null) yield break;
            yield return Need.More;
        }
    }

    private static bool? BeginsCall(ReadOnlySpan<char> text, bool isComplete)
    {
        bool? unknown = isComplete ? false : null;
        text = text.TrimStart();
        if (text.IsEmpty) return unknown;
        if (text[0] != '{') return false;
        text = text[1..].TrimStart();
        if (text.IsEmpty) return unknown;
        foreach (string key in (ReadOnlySpan<string>)["\"name\"", "\"parameters\"", "\"arguments\"", "\"type\"", "\"id\""])
        {
            if (text.StartsWith(key)) return true;
            if (key.AsSpan().StartsWith(text)) return unknown;
        }

        return false;
    }

    private static bool IsLikeCall(string json) =>
        json.Contains("\"name\"", StringComparison.Ordinal) && (json.Contains("\"parameters\"", StringComparison.Ordinal) || json.Contains("\"arguments\"", StringComparison.Ordinal));
}
