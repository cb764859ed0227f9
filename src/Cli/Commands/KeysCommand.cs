using System.CommandLine;
using System.Globalization;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign keys</c>: makes, lists and revokes API keys.</summary>
internal static class KeysCommand
{
    public static Command Create() => new DocumentedCommand("keys", "Makes, lists and revokes API keys. A running server follows within seconds.", "countersign keys create ann", "countersign keys list")
    {
        New(), List(), Revoke(),
    };

    private static DocumentedCommand New()
    {
        var name = new Argument<string>("name") { Description = "Whose it is, for people." };
        var models = new Option<string[]>("--model", "-m") { Description = "A route, pool or deployment that it may use; can be given several times. Left out: all.", HelpName = "NAME" };
        var policy = new PolicyOptions();
        var expires = Durations.Span("--expires", "How long it is valid (90d, 24h). Left out: until revoked.");
        var admin = new Option<bool>("--admin") { Description = "Lets it use the admin API and read others' requests." };
        var requests = new Option<int?>("--requests-per-minute") { Description = "Requests per minute.", HelpName = "N" };
        var tokens = new Option<long?>("--tokens-per-minute") { Description = "Input and output tokens per minute, together.", HelpName = "N" };
        Option<decimal?> perDay = Money("--usd-per-day", "per day (UTC)"), perMonth = Money("--usd-per-month", "per month (UTC)"), total = Money("--usd-total", "in all");
        var (ledger, config) = (Ledgers.Option(), Configurations.Option());
        var command = new DocumentedCommand(
            "create", "Makes a key and shows it, once: only a hash of it is kept.",
            "countersign keys create ann", "countersign keys create ci --model invoice-extract --usd-per-day 5 --expires 90d", "countersign keys create eu --licence permissive --openness weights --country CH --country FR") { name, models, policy.Licence, policy.Openness, policy.Vendors, policy.Countries, expires, admin, requests, tokens, perDay, perMonth, total, ledger, config };
        command.SetAction((parsed, _) =>
        {
            var wanted = new NewKey
            {
                Name = parsed.GetRequiredValue(name),
                ValidFor = parsed.GetValue(expires),
                IsAdmin = parsed.GetValue(admin),
                Models = parsed.GetValue(models) is { Length: > 0 } named ? named : null,
                Policy = policy.Of(parsed),
                Rate = new RateLimit(parsed.GetValue(requests), parsed.GetValue(tokens)),
                Budget = new Budget(parsed.GetValue(perDay), parsed.GetValue(perMonth), parsed.GetValue(total)),
            };
            if (!CanBeAsked(wanted, parsed.GetValue(config), new Terminal(parsed))) return Task.FromResult(ExitCodes.Failed);
            return WithRing(parsed, ledger, config, isMade: true, (ring, terminal) => CreateAsync(ring, wanted, terminal));
        });
        return command;
    }

    private static DocumentedCommand List()
    {
        var (ledger, config) = (Ledgers.Option(), Configurations.Option());
        var command = new DocumentedCommand("list", "Lists the keys, the oldest first; the keys themselves cannot be shown again.", "countersign keys list") { ledger, config };
        command.SetAction((parsed, _) => WithRing(parsed, ledger, config, isMade: false, (ring, terminal) => Task.FromResult(Show(ring.List(), terminal))));
        return command;
    }

    private static DocumentedCommand Revoke()
    {
        var key = new Argument<string>("key") { Description = "Its id, or its name where only one valid key has it." };
        var (ledger, config) = (Ledgers.Option(), Configurations.Option());
        var command = new DocumentedCommand("revoke", "Revokes a key for good.", "countersign keys revoke ann", "countersign keys revoke key_4f1a0c9e") { key, ledger, config };
        command.SetAction((parsed, _) => WithRing(parsed, ledger, config, isMade: false, (ring, terminal) => RevokeAsync(ring, parsed.GetRequiredValue(key), terminal)));
        return command;
    }

    private static Option<decimal?> Money(string name, string period) => Options.Usd(name, $"The most it may cost {period}, in US dollars.");

    private static Task<int> WithRing(ParseResult parsed, Option<string> ledger, Option<string> config, bool isMade, Func<KeyRing, Terminal, Task<int>> work)
    {
        var terminal = new Terminal(parsed);
        return Ledgers.WithAsync(parsed.GetValue(ledger), parsed.GetValue(config), isMade, terminal, opened => work(new KeyRing(opened, TimeProvider.System), terminal));
    }

    /// <summary>Whether the models that a key may use are there, as far as a configuration tells; <c>false</c> where one is not, which is then said.</summary>
    private static bool CanBeAsked(NewKey wanted, string? configFile, Terminal terminal)
    {
        if (wanted.Models is not { } models || Configurations.FileOf(configFile) is not { } file) return true;
        if (Configurations.LoadWithoutSecrets(file, terminal) is not { } configuration) return false;
        string[] known = [.. configuration.Routes.Keys, .. configuration.Pools.Keys, .. configuration.Deployments.Keys];
        string? missing = models.FirstOrDefault(model => !known.Contains(model) && configuration.FindDeployment(model) is null);
        if (missing is not null) terminal.Error($"No route, pool or deployment is called '{missing}'. {DidYouMean.Remedy(missing, known, "There are")}", "red");
        return missing is null;
    }

    private static async Task<int> CreateAsync(KeyRing ring, NewKey wanted, Terminal terminal)
    {
        var made = await ring.CreateAsync(wanted);
        terminal.Error($"{made.Key.Id} for '{made.Key.Name}'. This is the only time that the key is shown:");
        terminal.Line(made.Text, "bold"); // Alone on the output, so that it can be piped.
        return ExitCodes.Done;
    }

    private static async Task<int> RevokeAsync(KeyRing ring, string key, Terminal terminal)
    {
        var revoked = await ring.RevokeAsync(key);
        terminal.Line($"{revoked.Id} ('{revoked.Name}') is revoked.");
        return ExitCodes.Done;
    }

    private static int Show(IReadOnlyList<ApiKey> keys, Terminal terminal)
    {
        if (keys.Count == 0) terminal.Line("No key was made yet. 'countersign keys create NAME' makes one.");
        else terminal.Table(["id", "name", "state", "models", "policy", "per minute", "budget"], [.. keys.Select(Cells)]);
        return ExitCodes.Done;
    }

    private static IReadOnlyList<string> Cells(ApiKey key) =>
    [
        key.Id,
        key.Name + (key.IsAdmin ? " (admin)" : ""),
        State(key),
        key.Models is { } models ? string.Join(' ', models) : "all",
        PolicyOptions.Words(key.Policy),
        List((key.Rate.RequestsPerMinute, "requests"), (key.Rate.TokensPerMinute, "tokens")),
        List((key.Budget.UsdPerDay, "USD per day"), (key.Budget.UsdPerMonth, "USD per month"), (key.Budget.UsdTotal, "USD in total")),
    ];

    private static string State(ApiKey key) =>
        key.Revoked is { } revoked ? $"revoked {revoked:yyyy-MM-dd}"
        : key.Expires is not { } expires ? "valid"
        : expires <= TimeProvider.System.GetUtcNow() ? $"expired {expires:yyyy-MM-dd}"
        : $"valid until {expires:yyyy-MM-dd}";

    private static string List(params IEnumerable<(decimal? Value, string Unit)> limits)
    {
        string text = string.Join(", ", limits.Where(limit => limit.Value is not null).Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Value} {limit.Unit}")));
        return text.Length == 0 ? "no limit" : text;
    }
}
