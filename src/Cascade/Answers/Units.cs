using System.Collections.Frozen;

namespace Countersign.Cascade.Answers;

/// <summary>Words that name what is counted or measured and do not change a number. The list is closed: any other letters, <c>xy</c>, <c>cos</c>, may be part of the value.</summary>
internal static class Units
{
    private static readonly FrozenSet<string> Words = (
        "unit units square cubic sq cu per of and percent degree degrees deg radian radians rad " +
        "mm cm dm m km meter meters metre metres millimeter millimeters centimeter centimeters centimetre centimetres kilometer kilometers kilometre kilometres " +
        "in inch inches ft foot feet yd yard yards mi mile miles mph kph l ml liter liters litre litres gallon gallons pint pints quart quarts cup cups acre acres hectare hectares " +
        "g mg kg gram grams kilogram kilograms lb lbs pound pounds oz ounce ounces ton tons tonne tonnes " +
        "s sec secs second seconds min mins minute minutes h hr hrs hour hours day days week weeks month months year years " +
        "dollar dollars cent cents euro euros usd eur gbp joule joules watt watts newton newtons hz " +
        "ways way people persons students items pieces times points sides digits integers numbers solutions values").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether what follows a number is its unit: <c>square units</c>, <c>km/h</c>, <c>cm^2</c>. A unit of one letter stands apart: <c>2m</c> may be twice m.</summary>
    public static bool Are(ReadOnlySpan<char> text)
    {
        string[] words = text.ToString().Replace("^{2}", "", StringComparison.Ordinal).Replace("^{3}", "", StringComparison.Ordinal).Replace("^2", "", StringComparison.Ordinal).Replace("^3", "", StringComparison.Ordinal)
            .Split([' ', '.', '/', '-'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && Array.TrueForAll(words, Words.Contains) && (text[0] == ' ' || words[0].Length > 1);
    }
}
