using System.Globalization;
using Countersign.Cascade.Answers;

namespace Countersign.Cascade.Tests.Answers;

/// <summary>Numbers written at random: two drafts agree where the number is the same, and never where it is not.</summary>
public sealed class NumberAgreementTests
{
    private static readonly string[] Frames =
        ["{0}", "{0}.", "${0}", "{0} km", "The answer is {0}.", "**Answer:** {0}", "#### {0}", "\\boxed{{{0}}}", "Tom has 12 and gives 5, so he has {0} left.", "First 3, then 4.\nSo it is {0}", "3 + 4 = {0}", "6 times 7 is {0}."];

    [Theory]
    [InlineData("number")]
    [InlineData("latex")]
    public void Canonical_NumbersInRandomForms_AgreeOnlyWhereTheyAreEqual(string by)
    {
        var random = new Random(20261126);
        Dictionary<string, decimal> valueOf = [];
        for (int round = 0; round < 20_000; round++)
        {
            decimal value = Value(random);
            string text = by == "number" ? string.Format(CultureInfo.InvariantCulture, Frames[random.Next(Frames.Length)], Written(value, random)) : Written(value, random);
            if (Normalisers.Find(by)!.Canonical(new() { Choices = [new() { Index = 0, Text = text }] }, [], null) is not { } form) continue;
            Assert.True(valueOf.TryAdd(form, value) || valueOf[form] == value, $"'{text}' is {value}, but its form {form} is that of {valueOf[form]}");
        }

        Assert.Equal(by == "number" ? valueOf.Count : valueOf.Values.Distinct().Count(), valueOf.Values.Distinct().Count());
    }

    // Few digits, so that the digits of two numbers are often alike.
    private static decimal Value(Random random)
    {
        decimal whole = random.Next(5) switch { 0 => random.Next(100), 1 => random.Next(10) * 1000, 2 => random.Next(1, 5) * 1000 + random.Next(3) * 250, 3 => random.Next(1, 4) * 1_000_000 + random.Next(3) * 1250, _ => random.Next(2000) };
        decimal fraction = random.Next(3) switch { 0 => 0, 1 => random.Next(4) * 0.25m, _ => random.Next(1000) / 1000m };
        return (whole + fraction) * (random.Next(6) == 0 ? -1 : 1);
    }

    private static string Written(decimal value, Random random)
    {
        string sign = value < 0 ? "-" : "";
        string[] parts = Math.Abs(value).ToString("0.############", CultureInfo.InvariantCulture).Split('.');
        string fraction = parts.Length > 1 ? parts[1] : "";
        return sign + (random.Next(6) switch
        {
            0 => Join(Grouped(parts[0], ","), '.', fraction),
            1 => Join(Grouped(parts[0], " "), '.', fraction),
            2 when fraction.Length > 0 && parts[0].Length > 3 => Join(Grouped(parts[0], "."), ',', fraction),
            3 when fraction.Length > 0 && parts[0].Length > 3 => Join(Grouped(parts[0], " "), ',', fraction),
            4 when fraction.Length == 0 && value != 0 => $"{parts[0]}.{new string('0', random.Next(1, 3))}",
            _ => Join(parts[0], '.', fraction),
        });
    }

    private static string Grouped(string digits, string separator)
    {
        for (int at = digits.Length - 3; at > 0; at -= 3) digits = digits.Insert(at, separator);
        return digits;
    }

    private static string Join(string whole, char point, string fraction) => fraction.Length == 0 ? whole : $"{whole}{point}{fraction}";
}
