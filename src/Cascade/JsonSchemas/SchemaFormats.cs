using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>The formats that are checked where a schema asks for it; others assert nothing.</summary>
internal static partial class SchemaFormats
{
    private static readonly Dictionary<string, Func<string, bool>> Known = new(StringComparer.Ordinal)
    {
        ["date"] = IsDate,
        ["time"] = IsTime,
        ["date-time"] = text => text.Length > 11 && text[10] is 'T' or 't' && IsDate(text[..10]) && IsTime(text[11..]),
        ["duration"] = text => Duration().IsMatch(text),
        ["email"] = text => Email().IsMatch(text) && IsHostOrAddress(text[(text.LastIndexOf('@') + 1)..]),
        ["hostname"] = IsHost,
        ["ipv4"] = text => Address4().IsMatch(text),
        ["ipv6"] = IsAddress6,
        ["uri"] = text => UriText().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out _),
        ["uuid"] = text => Uuid().IsMatch(text),
        ["json-pointer"] = text => Pointer().IsMatch(text),
        ["relative-json-pointer"] = text => RelativePointer().IsMatch(text),
        ["regex"] = text => EcmaPattern.CompileLater(text) is not null,
    };

    /// <summary>The check of a format, or <c>null</c> where it is not known.</summary>
    public static Func<string, bool>? Find(string format) => Known.GetValueOrDefault(format);

    private static bool IsDate(string text) => DateText().IsMatch(text) && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>RFC 3339: an offset is needed, and second 60 is allowed at the end of a day in UTC.</summary>
    private static bool IsTime(string text)
    {
        var match = TimeText().Match(text);
        if (!match.Success) return false;
        int hour = Number(match, "hour"), minute = Number(match, "minute"), second = Number(match, "second"), offsetHour = Number(match, "offsetHour"), offsetMinute = Number(match, "offsetMinute");
        if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;
        int offset = ((offsetHour * 60) + offsetMinute) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        return second < 60 || ((hour * 60) + minute - offset + 2880) % 1440 == 1439;
    }

    private static int Number(Match match, string group) => int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static bool IsHost(string text) => text.Length is > 0 and <= 253 && Host().IsMatch(text);

    private static bool IsHostOrAddress(string text) =>
        text is ['[', .., ']'] ? Address4().IsMatch(text[1..^1]) || (text.StartsWith("[IPv6:", StringComparison.OrdinalIgnoreCase) && IsAddress6(text[6..^1])) : IsHost(text);

    private static bool IsAddress6(string text) =>
        Address6().IsMatch(text) && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && (!text.Contains('.', StringComparison.Ordinal) || Address4().IsMatch(text[(text.LastIndexOf(':') + 1)..]));

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z", RegexOptions.NonBacktracking)]
    private static partial Regex DateText();

    [GeneratedRegex(@"^(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.[0-9]+)?(?:[Zz]|(?<sign>[+-])(?<offsetHour>[0-9]{2}):(?<offsetMinute>[0-9]{2}))\z", RegexOptions.NonBacktracking)]
    private static partial Regex TimeText();

    [GeneratedRegex(@"^P(?:[0-9]+W|(?:(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)(?:T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))?|T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)))\z", RegexOptions.NonBacktracking)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|""(?:[\x20\x21\x23-\x5B\x5D-\x7E]|\\[\x20-\x7E])*"")@[^@\s]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Email();

    [GeneratedRegex(@"^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Host();

    [GeneratedRegex(@"^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Address4();

    [GeneratedRegex(@"^[0-9A-Fa-f:.]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Address6();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*:(?://(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?(?:\[[0-9A-Fa-fv:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?)?(?:(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?:#(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex UriText();

    [GeneratedRegex(@"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"^(?:/(?:[^~/]|~[01])*)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pointer();

    [GeneratedRegex(@"^(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex RelativePointer();
}
