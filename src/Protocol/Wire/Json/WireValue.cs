using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Json;

/// <summary>A JSON value of a request, with its place in the body, so that every complaint names the parameter (<c>messages[2].content[0].type</c>).
/// Absent and <c>null</c> are the same thing: missing. The place is put into words only when something is wrong.</summary>
internal readonly struct WireValue(JsonElement element, WireObject? owner, string name, int index = -1)
{
    /// <summary>The value; of kind <see cref="JsonValueKind.Undefined"/> where the field is absent.</summary>
    public JsonElement Element { get; } = element;

    /// <summary>Whether the field is absent or <c>null</c>.</summary>
    public bool IsMissing => Element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public bool IsText => Element.ValueKind == JsonValueKind.String;

    public bool IsArray => Element.ValueKind == JsonValueKind.Array;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    /// <summary>The place, as OpenAI writes its <c>param</c>.</summary>
    public string Path
    {
        get
        {
            string prefix = owner is null || owner.Path.Length == 0 ? name : $"{owner.Path}.{name}";
            return index < 0 ? prefix : $"{prefix}[{index}]";
        }
    }

    /// <summary>The value as an object with named fields.</summary>
    public WireObject Object() => IsObject ? new WireObject(Element, this) : throw Wrong("an object");

    /// <summary>The same, or <c>null</c> where missing.</summary>
    public WireObject? ObjectOrNull() => IsMissing ? null : Object();

    /// <summary>The elements of an array; none where missing.</summary>
    public IEnumerable<WireValue> Items()
    {
        if (IsMissing) yield break;
        if (!IsArray) throw Wrong("an array");
        int at = 0;
        foreach (var item in Element.EnumerateArray()) yield return new WireValue(item, owner, name, at++);
    }

    /// <summary>A text that must be there; it may be empty.</summary>
    public string Text() => TextOrNull() ?? throw Wrong("a string");

    public string? TextOrNull()
    {
        if (IsMissing) return null;
        if (!IsText) throw Wrong("a string");
        try
        {
            return Element.GetString();
        }
        catch (InvalidOperationException)
        {
            throw Wrong("a string of valid Unicode");
        }
    }

    public bool? FlagOrNull() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => IsMissing ? null : throw Wrong("true or false"),
    };

    public int? IntegerOrNull(int least, int most)
    {
        if (IsMissing) return null;
        bool fits = Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int value) && value >= least && value <= most;
        return fits ? Element.GetInt32() : throw Wrong($"an integer from {least} to {most}");
    }

    public long? LongOrNull()
    {
        if (IsMissing) return null;
        return Element.ValueKind == JsonValueKind.Number && Element.TryGetInt64(out long value) ? value : throw Wrong("an integer of at most 64 bits");
    }

    public double? NumberOrNull(double least, double most)
    {
        if (IsMissing) return null;
        bool fits = Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out double value) && value >= least && value <= most;
        return fits ? Element.GetDouble() : throw Wrong($"a number from {least} to {most}");
    }

    /// <summary>The complaint that this value is not what it must be.</summary>
    public ProblemException Wrong(string expected) => Element.ValueKind == JsonValueKind.Undefined
        ? ProblemException.Invalid($"'{Path}' is missing; it must be {expected}.", Path)
        : ProblemException.Invalid($"'{Path}' must be {expected}.", Path);
}
