using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Replay.Upstream;

/// <summary>Which calls fail, and how: by rate, and the same again for the same seed, whatever the order of the calls.</summary>
/// <param name="Rates">The share of calls with each fault; together at most 1.</param>
/// <param name="Seed">Draws the calls.</param>
internal sealed record FaultPlan(IReadOnlyList<(Fault Fault, double Rate)> Rates, int Seed)
{
    /// <summary>No faults.</summary>
    public static FaultPlan None { get; } = new([], 0);

    /// <summary>The names, as <c>--faults</c> takes them.</summary>
    public static IReadOnlyDictionary<string, Fault> Names { get; } = new Dictionary<string, Fault>
    {
        ["rate-limit"] = Fault.RateLimit,
        ["error"] = Fault.Error,
        ["stall"] = Fault.Stall,
        ["cut"] = Fault.Cut,
        ["bad-sse"] = Fault.BadSse,
        ["bad-json"] = Fault.BadJson,
        ["drip"] = Fault.Drip,
    };

    /// <summary>Whether anything fails.</summary>
    public bool IsEmpty => Rates.Count == 0;

    /// <summary>Reads <c>rate-limit=0.05,cut=0.01</c>.</summary>
    /// <exception cref="FormatException">It is not written so, or the rates come to more than 1.</exception>
    public static FaultPlan Parse(string text, int seed)
    {
        var rates = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ReadOne).ToList();
        if (rates.Sum(rate => rate.Rate) > 1) throw new FormatException($"The rates of '{text}' come to more than 1.");
        return new FaultPlan(rates, seed);
    }

    /// <summary>The fault of one call; <c>null</c>: none.</summary>
    /// <param name="model">The model asked.</param>
    /// <param name="promptDigest">What it is asked.</param>
    /// <param name="call">How often it was asked this before; a retry has a chance of its own.</param>
    public Fault? Draw(string model, string promptDigest, int call)
    {
        if (IsEmpty) return null;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seed}/{model}/{promptDigest}/{call}")));
        double drawn = BinaryPrimitives.ReadUInt64LittleEndian(hash) / (double)ulong.MaxValue;
        foreach (var (fault, rate) in Rates)
        {
            if (drawn < rate) return fault;
            drawn -= rate;
        }

        return null;
    }

    private static (Fault Fault, double Rate) ReadOne(string text)
    {
        string[] parts = text.Split('=');
        bool isRate = parts.Length == 2 && double.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && rate is > 0 and <= 1;
        if (!isRate || !Names.TryGetValue(parts[0], out var fault)) throw new FormatException($"'{text}' is no fault with its rate; write one of {string.Join(", ", Names.Keys)}, then '=' and a share such as 0.05.");
        return (fault, double.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
