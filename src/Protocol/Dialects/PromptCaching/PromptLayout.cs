using System.Text.Json;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Dialects.PromptCaching;

/// <summary>Where the parts of a prompt lie in a request's body, whichever API it is in. Found in one pass; the body is JSON that was checked or written here.</summary>
internal sealed class PromptLayout
{
    private PromptLayout()
    {
    }

    /// <summary>The outermost <c>{</c>.</summary>
    public int Brace { get; private init; }

    /// <summary>The value of <c>tools</c>.</summary>
    public ByteRange Tools { get; private set; }

    /// <summary>Where a mark after all tools stands.</summary>
    public PromptPlace? ToolsEnd { get; private set; }

    /// <summary>The value of <c>system</c>, or of <c>instructions</c>.</summary>
    public ByteRange Instructions { get; private set; }

    /// <summary>Where a mark after <see cref="Instructions"/> stands.</summary>
    public PromptPlace? InstructionsEnd { get; private set; }

    /// <summary>The elements of <c>messages</c>, or of <c>input</c>.</summary>
    public List<PromptMessage> Messages { get; } = [];

    /// <summary>The type of a block of text in <see cref="Messages"/>.</summary>
    public string TextType { get; private set; } = "text";

    /// <summary>How many messages at the beginning instruct.</summary>
    public int LeadingInstructions => Messages.FindIndex(message => message.Role != PromptRole.Instruction) is >= 0 and var first ? first : Messages.Count;

    /// <summary>Whether it has a <c>prompt_cache_key</c>.</summary>
    public bool HasKey { get; private set; }

    public static PromptLayout Of(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 2 * WireLimits.Depth });
        reader.Read();
        var layout = new PromptLayout { Brace = (int)reader.TokenStartIndex };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) layout.ReadField(ref reader);
        return layout;
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("tools"u8)) (Tools, ToolsEnd) = ReadBlocks(ref reader);
        else if (reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("instructions"u8)) (Instructions, InstructionsEnd) = ReadBlocks(ref reader);
        else if (reader.ValueTextEquals("messages"u8)) ReadMessages(ref reader);
        else if (reader.ValueTextEquals("input"u8))
        {
            TextType = "input_text";
            ReadMessages(ref reader);
        }
        else
        {
            HasKey |= reader.ValueTextEquals("prompt_cache_key"u8);
            reader.Skip();
        }
    }

    private void ReadMessages(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Messages.Add(ReadMessage(ref reader));
    }

    private static PromptMessage ReadMessage(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        var role = PromptRole.Other;
        PromptPlace? end = null;
        if (reader.TokenType != JsonTokenType.StartObject) reader.Skip();
        else
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("role"u8)) role = ReadRole(ref reader);
                else if (reader.ValueTextEquals("content"u8)) (_, end) = ReadBlocks(ref reader);
                else reader.Skip();
            }
        }

        return new PromptMessage(role, new ByteRange(start, (int)reader.BytesConsumed - start), end);
    }

    private static PromptRole ReadRole(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String) return PromptRole.Other;
        return reader.ValueTextEquals("assistant"u8) ? PromptRole.Answer
            : reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("developer"u8) ? PromptRole.Instruction
            : PromptRole.Other;
    }

    /// <summary>A text, or an array whose last element may bear a mark.</summary>
    private static (ByteRange Range, PromptPlace? End) ReadBlocks(ref Utf8JsonReader reader)
    {
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        PromptPlace? end = null;
        if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty) end = new PromptPlace(RangeFrom(start, reader), IsText: true);
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) end = ReadBlock(ref reader);
        }
        else reader.Skip();
        return (RangeFrom(start, reader), end);
    }

    /// <summary>A block or tool; <c>null</c> where it bears no mark: thoughts, empty texts, and tools that are loaded later.</summary>
    private static PromptPlace? ReadBlock(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        bool bears = reader.TokenType == JsonTokenType.StartObject;
        if (!bears) reader.Skip();
        while (bears && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueTextEquals("type"u8), isText = reader.ValueTextEquals("text"u8), isDeferral = reader.ValueTextEquals("defer_loading"u8);
            reader.Read();
            if (isDeferral && reader.TokenType == JsonTokenType.True) return SkipRest(ref reader);
            if (isType && reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("redacted_thinking"u8))) return SkipRest(ref reader);
            if (isText && reader.TokenType == JsonTokenType.String && reader.ValueSpan.IsEmpty) return SkipRest(ref reader);
            reader.Skip();
        }

        return bears ? new PromptPlace(RangeFrom(start, reader), IsText: false) : null;
    }

    private static PromptPlace? SkipRest(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) reader.Skip();
        return null;
    }

    private static ByteRange RangeFrom(int start, in Utf8JsonReader reader) => new(start, (int)reader.BytesConsumed - start);
}

/// <summary>Who speaks, as far as it matters here.</summary>
internal enum PromptRole { Other, Instruction, Answer }

/// <summary>A message.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Range">Its bytes.</param>
/// <param name="End">Where a mark after it stands; <c>null</c>: it bears none.</param>
internal readonly record struct PromptMessage(PromptRole Role, ByteRange Range, PromptPlace? End);

/// <summary>A value that may bear a mark: an object, or a text that becomes one.</summary>
internal readonly record struct PromptPlace(ByteRange Value, bool IsText);
