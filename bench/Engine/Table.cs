using System.Text;

namespace Countersign.Engine.Bench;

/// <summary>The Markdown table of results.</summary>
internal static class Table
{
    public static string Of(IReadOnlyList<Results> all)
    {
        var text = new StringBuilder();
        text.AppendLine("| model | test | threads | Countersign, tokens/s | llama.cpp, tokens/s | ratio | load |").AppendLine("|---|---|---|---|---|---|---|");
        foreach (Measurement row in all.SelectMany(static results => results.Measurements))
        {
            string reference = row.ReferenceMedian is { } median ? $"{median:f0}" : "–", ratio = row.Ratio is { } value ? $"{value:f2}" : "–";
            text.AppendLine($"| {row.Model} | {row.Test} | {row.Threads} | {row.Median:f0} | {reference} | {ratio} | {row.Load:f1} |");
        }

        Results last = all[^1];
        return text.AppendLine()
            .AppendLine($"Medians of {last.Repetitions} runs, the engines taking turns; load is the machine's load average before the test.")
            .AppendLine($"{last.Machine}; {last.Runtime}, {last.Kernels} kernels; {last.Date:yyyy-MM-dd}.")
            .AppendLine($"Reference: {last.Reference.TrimEnd(' ', '|')}.").ToString();
    }
}
