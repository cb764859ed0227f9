using System.Globalization;
using Countersign.Engine;
using Countersign.Protocol.Catalogue;

namespace Countersign.Cli.Catalogue;

/// <summary>Whether a model fits a machine, and how fast it can be there, in words.</summary>
internal static class FitReport
{
    private const string NotKnown = "not known";

    public static void Write(CatalogueModel model, Quantisation form, long tokens, MemoryEstimate need, long memoryBytes, double bytesPerSecond, Terminal terminal)
    {
        terminal.Line($"{model.Name}, {form.Name}, a context of {CatalogueText.Number(tokens)} tokens", "bold");
        terminal.Columns(
        [
            ("weights", $"{CatalogueText.Bytes(need.Weights)}{(need.ReadPerToken < need.Weights ? $", of which {CatalogueText.Bytes(need.ReadPerToken)} work on a token" : "")}"),
            ("cache", need.Cache is { } cache ? CatalogueText.Bytes(cache) : NotKnown),
            ("buffers", need.Work is { } work ? $"about {CatalogueText.Bytes(work)}" : NotKnown),
            ("in all", $"{(need.IsComplete ? "" : "at least ")}{CatalogueText.Bytes(need.Total)}"),
            ("this machine", $"{CatalogueText.Bytes(memoryBytes)} of memory, read at {Gigabytes(bytesPerSecond)} (measured)"),
            ("fits", Fits(need, memoryBytes)),
            ("speed", Speed(need, bytesPerSecond)),
        ]);
        if (!WeightFormats.Reads(form.Name)) terminal.Line($"The engine here does not compute with weights in {form.Name}; other servers do. It reads {string.Join(", ", WeightFormats.Names)}.", "yellow");
        if (model.Parameters!.Unverified || model.Shape is { Unverified: true }) terminal.Line("The number of weights or the shape is not verified; 'countersign models show' tells.", "yellow");
    }

    private static string Fits(MemoryEstimate need, long memoryBytes) =>
        need.Total > memoryBytes ? $"no: {CatalogueText.Bytes(need.Total - memoryBytes)} too much"
        : need.IsComplete ? $"yes, with {CatalogueText.Bytes(memoryBytes - need.Total)} to spare"
        : "perhaps: a part of what it needs is not known";

    private static string Speed(MemoryEstimate need, double bytesPerSecond)
    {
        string empty = $"at most {Rate(need.TokensPerSecond(bytesPerSecond, 0))} tokens a second";
        return need.Cache is { } cache ? $"{empty}, {Rate(need.TokensPerSecond(bytesPerSecond, cache))} at the end of the context" : empty;
    }

    private static string Rate(double perSecond) => perSecond.ToString(perSecond < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Gigabytes(double bytesPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{bytesPerSecond / 1e9:0.0} GB/s");
}
