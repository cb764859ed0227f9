using System.CommandLine;
using Countersign.Gateway.Access;

namespace Countersign.Cli.Commands;

/// <summary>The options that say which models may be asked for a key.</summary>
internal sealed class PolicyOptions
{
    public Option<string?> Licence { get; } = Options.Word("--licence", "Only models of permissive licences.", "permissive");

    public Option<string?> Openness { get; } = Options.Word("--openness", "Only models whose weights can be had, or fully open ones.", "weights", "fully");

    public Option<string[]> Vendors { get; } = new("--vendor") { Description = "Only models of this maker; can be given several times.", HelpName = "NAME" };

    public Option<string[]> Countries { get; } = new("--country") { Description = "Only models of makers seated there (ISO 3166); can be given several times.", HelpName = "CC" };

    public ModelPolicy Of(ParseResult parsed) => new()
    {
        PermissiveLicence = parsed.GetValue(Licence) is not null,
        Openness = parsed.GetValue(Openness) switch { "weights" => Protocol.Catalogue.Openness.Weights, "fully" => Protocol.Catalogue.Openness.Fully, _ => null },
        Vendors = parsed.GetValue(Vendors) is { Length: > 0 } vendors ? vendors : null,
        Countries = parsed.GetValue(Countries) is { Length: > 0 } countries ? countries : null,
    };

    /// <summary>A policy in words.</summary>
    public static string Words(ModelPolicy? policy)
    {
        if (policy is null or { IsEmpty: true }) return "none";
        string?[] parts =
        [
            policy.PermissiveLicence ? "permissive" : null,
            policy.Openness switch { Protocol.Catalogue.Openness.Weights => "open weights", Protocol.Catalogue.Openness.Fully => "fully open", _ => null },
            policy.Vendors is { } vendors ? string.Join('/', vendors) : null,
            policy.Countries is { } countries ? string.Join('/', countries) : null,
        ];
        return string.Join(", ", parts.Where(part => part is not null));
    }
}
