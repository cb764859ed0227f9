using System.Globalization;
using System.Text;

namespace Countersign.Protocol.Templates.Globals;

/// <summary><c>strftime</c> in the C locale, with glibc's <c>%-d</c> (no padding).</summary>
internal static class TimeFormat
{
    public static string Write(string format, DateTimeOffset time)
    {
        var text = new StringBuilder();
        for (int at = 0; at < format.Length; at++)
        {
            bool isPlain = format[at] == '%' && at + 2 < format.Length && format[at + 1] == '-';
            int letter = at + (isPlain ? 2 : 1);
            if (format[at] != '%' || letter >= format.Length)
            {
                text.Append(format[at]);
                continue;
            }

            string field = Field(format[letter], time) ?? format[at..(letter + 1)];
            text.Append(isPlain ? Unpadded(field) : field);
            at = letter;
        }

        return text.ToString();
    }

    private static string Unpadded(string field) => field.TrimStart('0', ' ') is { Length: > 0 } plain ? plain : "0";

    private static string? Field(char letter, DateTimeOffset time) => letter switch
    {
        'Y' => Format(time, "yyyy"),
        'y' => Format(time, "yy"),
        'C' => $"{time.Year / 100:00}",
        'm' => Format(time, "MM"),
        'B' => Format(time, "MMMM"),
        'b' or 'h' => Format(time, "MMM"),
        'd' => Format(time, "dd"),
        'e' => $"{time.Day,2}",
        'j' => $"{time.DayOfYear:000}",
        'A' => Format(time, "dddd"),
        'a' => Format(time, "ddd"),
        'w' => $"{(int)time.DayOfWeek}",
        'u' => $"{((int)time.DayOfWeek + 6) % 7 + 1}",
        'H' => Format(time, "HH"),
        'I' => Format(time, "hh"),
        'M' => Format(time, "mm"),
        'S' => Format(time, "ss"),
        'f' => Format(time, "ffffff"),
        'p' => Format(time, "tt"),
        'U' => $"{(time.DayOfYear + 6 - (int)time.DayOfWeek) / 7:00}",
        'W' => $"{(time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7:00}",
        'V' => $"{ISOWeek.GetWeekOfYear(time.DateTime):00}",
        'G' => $"{ISOWeek.GetYear(time.DateTime)}",
        'D' or 'x' => Format(time, "MM/dd/yy"),
        'F' => Format(time, "yyyy-MM-dd"),
        'T' or 'X' => Format(time, "HH:mm:ss"),
        'R' => Format(time, "HH:mm"),
        'c' => $"{Format(time, "ddd MMM")} {time.Day,2} {Format(time, "HH:mm:ss yyyy")}",
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'z' or 'Z' => "",
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => null,
    };

    private static string Format(DateTimeOffset time, string pattern) => time.ToString(pattern, CultureInfo.InvariantCulture);
}
