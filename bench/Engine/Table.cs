using System.Text;

namespace Countersign.Engine.Bench;

/// <summary>The Markdown table of a result.</summary>
internal static class Table
{
    public static string Of(Results results)
    {
        var text = new StringBuilder();
        text.AppendLine("| model | test | threads | Countersign, tokens/s | llama.cpp, tokens/s | ratio |").AppendLine("|---|---|---|---|---|---|");
        foreach (Measurement row in results.Measurements)
        {
            text.AppendLine($"| {row.Model} | {row.Test} | {row.Threads} | {row.Median:f0} | {row.ReferenceMedian:f0} | {row.Ratio:f2} |");
        }

        return text.AppendLine().AppendLine($"Medians of {results.Repetitions} runs, the engines taking turns. {results.Machine}; {results.Runtime}, {results.Kernels} kernels; {results.Date:yyyy-MM-dd}. Reference: {results.Reference}").ToString();
    }
}
