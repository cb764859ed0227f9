using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Dialects.PromptCaching;

/// <summary>Puts marks and keys for an upstream's prompt cache into the body that it is sent. All other bytes stay, so that what two requests begin with stays the same.</summary>
public static class PromptCache
{
    private static ReadOnlySpan<byte> CacheControl => ",\"cache_control\":{\"type\":\"ephemeral\"}"u8;

    private static ReadOnlySpan<byte> Breakpoint => ",\"prompt_cache_breakpoint\":{\"mode\":\"explicit\"}"u8;

    /// <summary>A body with its marks and key. Where the caller marks for itself, its marks are all there are.</summary>
    /// <param name="body">The request in the upstream's API: valid JSON.</param>
    /// <param name="rule">What the upstream wants.</param>
    /// <param name="scope">Whose request it is.</param>
    /// <returns>The body, itself where nothing is put in, and what was put in.</returns>
    public static (ReadOnlyMemory<byte> Body, CacheMarking? Marking) Mark(ReadOnlyMemory<byte> body, CacheRule rule, CacheScope scope)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(scope);
        if (body.Length < PromptPrefixes.BytesPerToken * rule.LeastTokens) return (body, null);
        var layout = PromptLayout.Of(body.Span);
        var ends = rule.Marks == CacheMarks.None || HasMarks(body.Span) ? [] : new PromptPrefixes(layout, rule, scope).Ends().OrderBy(mark => mark.End.Value.Start).ToList();
        string? key = rule.TakesKey && !layout.HasKey ? KeyOf(body.Span, layout, scope) : null;
        if (ends.Count == 0 && key is null) return (body, null);
        return (Write(body.Span, layout, ends.ConvertAll(mark => mark.End), rule, key), new CacheMarking([.. ends.Select(mark => mark.Word).Distinct()], key is not null));
    }

    /// <summary>Whether a request came with marks of its caller's own.</summary>
    public static bool IsMarked(WireRequest request) => request is not null && HasMarks(request.Body.Span);

    /// <summary>The same of one that was read.</summary>
    public static bool IsMarked(ChatRequest request) => request?.Origin is { Body: var body } && HasMarks(JsonMarshal.GetRawUtf8Value(body));

    // Within a text the quotes would be escaped, so that a name found like this is one.
    private static bool HasMarks(ReadOnlySpan<byte> body) => body.IndexOf("\"cache_control\""u8) >= 0 || body.IndexOf("\"prompt_cache_breakpoint\""u8) >= 0 || body.IndexOf("\"prompt_cache_options\""u8) >= 0;

    private static ReadOnlyMemory<byte> Write(ReadOnlySpan<byte> body, PromptLayout layout, List<PromptPlace> ends, CacheRule rule, string? key)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 512);
        int done = layout.Brace + 1;
        output.Write(body[..done]);
        if (key is not null) output.Write(Encoding.UTF8.GetBytes($"\"prompt_cache_key\":\"{key}\","));
        foreach (var end in ends)
        {
            output.Write(body[done..end.Value.Start]);
            done = end.Value.Start + end.Value.Length;
            WriteMarked(body[end.Value.Start..done], end.IsText ? layout.TextType : null, rule.Marks == CacheMarks.Breakpoints ? Breakpoint : CacheControl, output);
        }

        output.Write(body[done..]);
        return output.WrittenMemory;
    }

    /// <summary>Writes a value with a mark as its last member. A text becomes an array of one block, which is what it is short for.</summary>
    private static void WriteMarked(ReadOnlySpan<byte> value, string? textType, ReadOnlySpan<byte> mark, IBufferWriter<byte> output)
    {
        if (textType is not null) output.Write(Encoding.UTF8.GetBytes($"[{{\"type\":\"{textType}\",\"text\":"));
        output.Write(textType is null ? value[..^1] : value);
        output.Write(mark);
        output.Write(textType is null ? "}"u8 : "}]"u8);
    }

    /// <summary>The same for all requests of a caller to a deployment that begin with the same tools and instructions, or else with the same message. It tells nothing of any of them.</summary>
    private static string KeyOf(ReadOnlySpan<byte> body, PromptLayout layout, CacheScope scope)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{scope.Caller}\n{scope.Deployment}\n"));
        hash.AppendData(body.Slice(layout.Tools.Start, layout.Tools.Length));
        hash.AppendData(body.Slice(layout.Instructions.Start, layout.Instructions.Length));
        int lead = layout.LeadingInstructions;
        if (lead == 0 && !layout.Tools.IsThere && !layout.Instructions.IsThere) lead = 1;
        foreach (var message in layout.Messages.Take(lead)) hash.AppendData(body.Slice(message.Range.Start, message.Range.Length));
        return $"countersign-{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}";
    }
}

/// <summary>Whose request is marked.</summary>
/// <param name="Caller">The caller's id: keys of two callers differ.</param>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="IsRepair">Whether its last turn shows a rejected draft: no other request begins with that.</param>
/// <param name="IsAskedAgain">Whether the same is asked several times in a row.</param>
public sealed record CacheScope(string Caller, string Deployment, bool IsRepair = false, bool IsAskedAgain = false);
