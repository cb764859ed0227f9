using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Countersign.Cli;

/// <summary>Options that read strictly what they take, as <c>1.5</c> is written everywhere, and say in words what they want.</summary>
internal static class Options
{
    private const int UsdDecimals = 6;

    /// <summary>The name of a file or folder.</summary>
    public static Option<string> Path(string name, string[] aliases, string helpName, string description)
    {
        var option = new Option<string>(name, aliases) { Description = description, HelpName = helpName };
        option.Validators.Add(result => { if (result.Tokens is [{ Value: var text }] && string.IsNullOrWhiteSpace(text)) result.AddError($"{name} needs the name of a {helpName.ToLowerInvariant()}."); });
        return option;
    }

    /// <summary>An amount in US dollars.</summary>
    public static Option<decimal?> Usd(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "USD",
        CustomParser = result => Read(result, TryUsd, $"an amount in US dollars such as 2.50, with {UsdDecimals} decimals at most"),
    };

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Count(string name, string[] aliases, string description, int standard, int least, int most = int.MaxValue) => new(name, aliases)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result => Read<int>(result, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number : null, $"a whole number {(most == int.MaxValue ? $"of at least {least}" : $"from {least} to {most}")}") ?? default,
    };

    /// <summary>A number.</summary>
    public static Option<double?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Read<double>(result, text => double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double number) ? number : null, "a number such as 0.7"),
    };

    /// <summary>One of a few words; left out: none.</summary>
    public static Option<string?> Word(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', words) };
        option.Validators.Add(result => { if (result.Tokens is [{ Value: var text }] && !words.Contains(text)) result.AddError(Refusal(text, OneOf(words))); });
        return option;
    }

    /// <summary>One of a few words, each of which means a value; left out: the first.</summary>
    public static Option<T> Choice<T>(string name, string[] aliases, string description, params (string Word, T Value)[] choices) where T : struct => new(name, aliases)
    {
        Description = description,
        HelpName = string.Join('|', choices.Select(choice => choice.Word)),
        DefaultValueFactory = _ => choices[0].Value,
        CustomParser = result => Read(result, text => choices.Where(choice => choice.Word == text).Select(choice => (T?)choice.Value).FirstOrDefault(), OneOf(choices.Select(choice => choice.Word))) ?? default,
    };

    /// <summary>Reads an option's value; where it is none, that is an error of the command line.</summary>
    public static T? Read<T>(ArgumentResult result, Func<string, T?> read, string wanted) where T : struct
    {
        string text = result.Tokens[0].Value;
        var value = read(text);
        if (value is null) result.AddError(Refusal(text, wanted));
        return value;
    }

    private static string Refusal(string text, string wanted) => $"'{text}' is not {wanted}.";

    private static string OneOf(IEnumerable<string> words) => $"one of {string.Join(", ", words)}";

    private static decimal? TryUsd(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal usd) && usd.Scale <= UsdDecimals ? usd : null;
}
