using System.Globalization;

namespace Countersign.Cascade.Answers;

/// <summary>A number found in a text.</summary>
/// <param name="Index">Where it begins.</param>
/// <param name="Form">Its canonical form: digits, a fraction <c>1/3</c> where its decimals do not end, a time <c>9:45</c> or <c>2pm</c>; <c>null</c> for what has digits and cannot be read: <c>1.2.3</c>,
/// <c>12h30</c>, <c>2^10</c>.</param>
/// <param name="Others">What it can also mean: <c>1,250</c> is 1250, to others 1.25; <c>2 500</c> may be two numbers; <c>2 pm</c> holds a 2, <c>5 million</c> a 5.</param>
internal sealed record FoundNumber(int Index, string? Form, params IReadOnlyList<string> Others)
{
    /// <summary>The value; <c>null</c> for a time, for what cannot be read, and for what is too large.</summary>
    public decimal? Value
    {
        get
        {
            string[] parts = (Form ?? "").Split('/');
            if (!decimal.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out decimal top)) return null;
            return parts.Length == 1 ? top : decimal.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out decimal bottom) ? top / bottom : null;
        }
    }
}
