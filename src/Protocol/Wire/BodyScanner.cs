using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>Walks over the fields of a body's outermost object without building a tree, and checks all of it on the way:
/// UTF-8, JSON, depth, surrogates, and that no field stands there twice.</summary>
internal ref struct BodyScanner
{
    private readonly ReadOnlySpan<byte> body;
    private ByteRange[] names = new ByteRange[32];
    private Utf8JsonReader reader;
    private int count;

    /// <exception cref="ProblemException">The body is no JSON object in UTF-8.</exception>
    public BodyScanner(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body)) throw JsonText.NotUtf8();
        this.body = body;
        reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = WireLimits.Depth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw ProblemException.Invalid("The body must be a JSON object.");
        Brace = (int)reader.TokenStartIndex;
    }

    /// <summary>Where the object begins.</summary>
    public int Brace { get; }

    /// <summary>The current field's name, as written.</summary>
    public readonly ReadOnlySpan<byte> Name => Slice(names[count - 1]);

    /// <summary>What the current field's value is, or begins with.</summary>
    public readonly JsonTokenType Token => reader.TokenType;

    public readonly bool IsNull => reader.TokenType == JsonTokenType.Null;

    /// <summary>Goes to the next field's value; false at the end of the body. The current value must have been taken or skipped.</summary>
    public bool NextField()
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            reader.Read();
            return false;
        }

        AddName();
        reader.Read();
        return true;
    }

    /// <summary>Goes past the current value; gives its bytes.</summary>
    public ByteRange Skip()
    {
        int start = (int)reader.TokenStartIndex, depth = reader.CurrentDepth;
        CheckText();
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            do
            {
                reader.Read();
                CheckText();
            }
            while (reader.CurrentDepth > depth);
        }

        return new ByteRange(start, (int)reader.BytesConsumed - start);
    }

    /// <summary>Goes past the current value, an array or a text; says whether it is empty.</summary>
    public bool SkipIsEmpty()
    {
        var range = Skip();
        return IsEmpty(range.Start, range.Start + range.Length);
    }

    /// <summary>The same.</summary>
    /// <param name="watch">Sees the tokens of an array.</param>
    public bool SkipIsEmpty(ref ConversationCheck watch)
    {
        int start = (int)reader.TokenStartIndex, depth = reader.CurrentDepth;
        CheckText();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            do
            {
                reader.Read();
                CheckText();
                watch.See(in reader, reader.CurrentDepth - depth);
            }
            while (reader.CurrentDepth > depth);
        }

        return IsEmpty(start, (int)reader.BytesConsumed);
    }

    private readonly bool IsEmpty(int start, int end) => body[(start + 1)..(end - 1)].Trim(" \t\r\n"u8).IsEmpty;

    public string? TextOrNull()
    {
        if (IsNull) return null;
        if (reader.TokenType != JsonTokenType.String) throw Wrong("a string");
        CheckText();
        return reader.GetString();
    }

    public bool? FlagOrNull() => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong("true or false"),
    };

    public int? IntegerOrNull(int least, int most)
    {
        if (IsNull) return null;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int value) && value >= least && value <= most) return value;
        throw Wrong($"an integer from {least} to {most}");
    }

    public readonly void CheckNumberOrNull(double least, double most)
    {
        if (IsNull || (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double value) && value >= least && value <= most)) return;
        throw Wrong($"a number from {least} to {most}");
    }

    public readonly void CheckLongOrNull()
    {
        if (IsNull || (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _))) return;
        throw Wrong("an integer of at most 64 bits");
    }

    /// <summary>Goes past the current value, texts in an array or, where <paramref name="mayBeOne"/>, one text; or <c>null</c>.</summary>
    public void SkipTextsOrNull(bool mayBeOne)
    {
        string expected = mayBeOne ? "a string or an array of strings" : "an array of strings";
        bool fits = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.Null || (mayBeOne && reader.TokenType == JsonTokenType.String);
        if (!fits) throw Wrong(expected);
        CheckText();
        if (reader.TokenType != JsonTokenType.StartArray) return;
        for (int at = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; at++)
        {
            if (reader.TokenType != JsonTokenType.String) throw Wrong("a string", $"[{at}]");
            CheckText();
        }
    }

    /// <summary>Takes the model's name.</summary>
    public string TakeModel(out ByteRange range)
    {
        string? model = TextOrNull();
        range = TokenRange;
        bool fits = !string.IsNullOrWhiteSpace(model) && model.Length <= WireLimits.ModelName;
        return fits ? model! : throw Wrong($"the name of a route or a deployment, of at most {WireLimits.ModelName} characters");
    }

    /// <summary>The bytes of the current value, where it is a single token.</summary>
    public readonly ByteRange TokenRange => new((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));

    /// <summary>Goes to the next field of the object that is the current value, or past its end (then false).</summary>
    public bool NextInnerField()
    {
        reader.Read();
        CheckText();
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Whether the field that <see cref="NextInnerField"/> found is <paramref name="name"/>; goes on to its value.</summary>
    public bool IsInnerField(ReadOnlySpan<byte> name)
    {
        bool same = reader.ValueTextEquals(name);
        reader.Read();
        return same;
    }

    /// <summary>The complaint that the current value is not what it must be.</summary>
    public readonly ProblemException Wrong(string expected, string inner = "") =>
        ProblemException.Invalid($"'{Encoding.UTF8.GetString(Name)}{inner}' must be {expected}.", Encoding.UTF8.GetString(Name) + inner);

    private readonly ReadOnlySpan<byte> Slice(ByteRange range) => body.Slice(range.Start, range.Length);

    private void AddName()
    {
        if (reader.ValueIsEscaped) throw ProblemException.Invalid("The names of the body's own fields must be written without escapes.");
        if (count == WireLimits.Fields) throw ProblemException.Invalid($"The body has more than {WireLimits.Fields} fields.");
        if (count == names.Length) Array.Resize(ref names, 2 * count);
        var name = new ByteRange((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        for (int other = 0; other < count; other++)
        {
            if (Slice(names[other]).SequenceEqual(reader.ValueSpan)) throw Twice();
        }

        names[count++] = name;
    }

    private readonly ProblemException Twice()
    {
        string name = Encoding.UTF8.GetString(reader.ValueSpan);
        return ProblemException.Invalid($"The field '{name}' stands in the body twice.", name);
    }

    private readonly void CheckText()
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped) return;
        if (!JsonText.HasLoneSurrogate(reader.ValueSpan)) return;
        string name = Encoding.UTF8.GetString(Name);
        throw ProblemException.Invalid($"'{name}' holds half of a surrogate pair, which is no text.", name);
    }
}
