using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration.Shapes;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Catalogue;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>Which models may be asked, and what is known of them.</summary>
internal static class PolicySection
{
    private static readonly Shape<IReadOnlyList<string>> Texts = new ListShape<string>(Scalars.Text, alsoSingle: true);

    public static readonly ObjectShape<ModelPolicy> Policy = new ObjectShape<ModelPolicy>("Which models may be asked, by what the catalogue or 'facts' know of them. What is not known for certain is refused.", _ => new ModelPolicy())
        .Optional("licence", "Models of permissive licences (Apache-2.0, MIT and their like) only, or of any.", Scalars.Choice(("permissive", true), ("any", false)), o => o.PermissiveLicence, (o, permissive) => o with { PermissiveLicence = permissive })
        .Optional("openness", "Models whose weights can be had only, or fully open ones only: data and training code too.", Scalars.Choice<Openness?>(("weights", Openness.Weights), ("fully", Openness.Fully)), (o, openness) => o with { Openness = openness })
        .Optional("vendors", "Models of these makers only.", Texts, (o, vendors) => o with { Vendors = vendors })
        .Optional("countries", "Models only of makers seated there (ISO 3166, such as CH). Where a server stands is another matter.", Texts, (o, countries) => o with { Countries = countries });

    public static readonly ObjectShape<DeclaredFacts> Facts = new ObjectShape<DeclaredFacts>("What is known of the model, for policies; counts before the catalogue.", _ => new DeclaredFacts())
        .Optional("licence", "Its licence, as SPDX such as Apache-2.0.", Scalars.Text, (o, licence) => o with { Licence = licence })
        .Optional("openness", "What of it can be had: nothing, its weights, or also its data and training code.", Scalars.Choice<Openness?>(("closed", Openness.Closed), ("weights", Openness.Weights), ("fully", Openness.Fully)), (o, openness) => o with { Openness = openness })
        .Optional("vendor", "Its maker.", Scalars.Text, (o, vendor) => o with { Vendor = vendor })
        .Optional("country", "The maker's seat (ISO 3166, such as CH).", Scalars.Text, (o, country) => o with { Country = country });
}
