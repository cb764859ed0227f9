using System.Globalization;

namespace Countersign.Load.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const string Usage = """
        load-bench [--quick] [--only A,C] [--rounds 5] [--seconds 6] [--soak MINUTES] [--gateway FOLDER] [--out FILE] [--page FILE]
          --quick     two rounds of one second; writes nothing unless --out says so
          --soak      then scenario A for so long, watching memory
          --gateway   a published gateway; without it, the repository's is published first
          --out       where the results go (bench/results/load.json); --page: the page made from them (docs/load.md)
        load-bench page   writes the page again from the results
        """;

    public bool IsPageOnly { get; private init; }

    public int Rounds { get; private init; } = 5;

    public TimeSpan Time { get; private init; } = TimeSpan.FromSeconds(6);

    public int SoakMinutes { get; private init; }

    public IReadOnlyList<Scenario> Scenarios { get; private init; } = Scenario.All;

    public string? Gateway { get; private init; }

    public string? Results { get; private init; }

    public string? Page { get; private init; }

    /// <summary>Reads the command line; files are in <paramref name="repository"/> where it does not say.</summary>
    /// <exception cref="FormatException">It is not understood.</exception>
    public static Options Parse(string[] arguments, string repository)
    {
        var options = new Options { Results = Path.Combine(repository, "bench", "results", "load.json"), Page = Path.Combine(repository, "docs", "load.md") };
        if (arguments is ["page"]) return options with { IsPageOnly = true };
        for (int i = 0; i < arguments.Length; i++) options = With(options, arguments[i], () => ++i < arguments.Length ? arguments[i] : throw new FormatException($"{arguments[i - 1]} needs a value."));
        return options;
    }

    private static Options With(Options options, string name, Func<string> value) => name switch
    {
        "--quick" => options with { Rounds = 2, Time = TimeSpan.FromSeconds(1), Results = null, Page = null },
        "--only" => options with { Scenarios = Only(value()), Results = null, Page = null },
        "--rounds" => options with { Rounds = Number(value()) },
        "--seconds" => options with { Time = TimeSpan.FromSeconds(Number(value())) },
        "--soak" => options with { SoakMinutes = Number(value()) },
        "--gateway" => options with { Gateway = value() },
        "--out" => options with { Results = value() },
        "--page" => options with { Page = value() },
        _ => throw new FormatException($"'{name}' is not understood."),
    };

    private static List<Scenario> Only(string names) =>
        [.. names.Split(',').Select(static name => Scenario.All.FirstOrDefault(scenario => scenario.Name == name) ?? throw new FormatException($"There is no scenario '{name}'."))];

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : throw new FormatException($"'{text}' is no number above zero.");
}
