using System.Globalization;
using System.Text;

namespace Countersign.Gateway.Telemetry;

/// <summary>The values of one set of labels.</summary>
internal sealed class Series(double[]? bounds)
{
    private readonly Lock gate = new();
    private readonly long[] buckets = new long[(bounds?.Length ?? 0) + 1];
    private double sum;
    private long count;

    public void Set(double value)
    {
        lock (gate) sum = value;
    }

    public void Add(double value)
    {
        lock (gate)
        {
            sum += value;
            count++;
            if (bounds is not null) buckets[BucketOf(value, bounds)]++;
        }
    }

    public void Write(StringBuilder text, string name, string labels)
    {
        lock (gate)
        {
            if (bounds is null)
            {
                Line(text, name, labels, sum);
                return;
            }

            long below = 0;
            for (int i = 0; i <= bounds.Length; i++)
            {
                below += buckets[i];
                string bound = i < bounds.Length ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                Line(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", below);
            }

            Line(text, name + "_sum", labels, sum);
            Line(text, name + "_count", labels, count);
        }
    }

    private static int BucketOf(double value, double[] bounds)
    {
        int index = bounds.AsSpan().BinarySearch(value);
        return index < 0 ? ~index : index;
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
