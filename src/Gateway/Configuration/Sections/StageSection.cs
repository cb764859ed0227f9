using Countersign.Cascade.Routes;
using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>One step of a route: who answers, and how.</summary>
internal static class StageSection
{
    private static readonly string[] Normalisers = ["exact", "number", "latex", "choice", "json", "python", "tool_call", "code_output"];

    public static readonly ObjectShape<AgreementPolicy> Agreement = new ObjectShape<AgreementPolicy>("When drafts agree: so many have the same canonical form.", _ => new AgreementPolicy(2, "exact"))
        .Optional("need", "How many must agree.", Scalars.Integer(2, 64), o => o.Need, (o, need) => o with { Need = need })
        .Required("by", "What is compared: the normaliser's name.", Scalars.Choice([.. Normalisers.Select(name => (name, name))]), (o, by) => o with { By = by })
        .Optional("field", "The field of a JSON answer that is compared; all of it where it is left out.", Scalars.Text, (o, field) => o with { Field = field });

    /// <summary>The draft; its agreement stands beside it in the route.</summary>
    public static readonly ObjectShape<Stage> Draft = Stage();

    /// <summary>A later stage.</summary>
    public static readonly ObjectShape<Stage> Escalation = Stage()
        .Optional("trusted", "Pass its answer on unjudged, as it comes, so that the client waits for no verdict.", Scalars.Switch, o => o.Trusted, (o, trusted) => o with { Trusted = trusted })
        .Optional("agree", "When several drafts of this stage agree, so that one of them is accepted.", Agreement, (o, agreement) => o with { Agreement = agreement });

    private static ObjectShape<Stage> Stage() => new ObjectShape<Stage>("Who answers, and how.", _ => new Stage { Deployments = [] })
        .Optional("deployment", "Who answers: a deployment or a pool.", Scalars.Text, (o, deployment) => o with { Deployments = [.. o.Deployments, deployment] })
        .Optional("deployments", "In place of 'deployment': several that are asked in order; 'agree' says when enough of them agree.", new ListShape<string>(Scalars.Text), (o, deployments) => o with { Deployments = [.. o.Deployments, .. deployments] })
        .Optional("fallback", "Who is asked, in order, where one fails to answer.", new ListShape<string>(Scalars.Text, alsoSingle: true), (o, fallback) => o with { Fallback = fallback })
        .Optional("samples", "Drafts per deployment; more than one needs 'agree'.", Scalars.Integer(1, 64), o => o.Samples, (o, samples) => o with { Samples = samples })
        .Optional("thinking", "The thinking asked of this stage; what the request says where it is left out.", Scalars.Thinking, (o, thinking) => o with { Thinking = thinking })
        .Optional("temperature", "The sampling temperature; what the request says where it is left out.", Scalars.Number(0, 2), (o, temperature) => o with { Temperature = temperature })
        .Optional("max_output_tokens", "A cap on the output tokens; a draft that runs over it is rejected.", Scalars.Integer(1, 10_000_000), (o, tokens) => o with { MaxOutputTokens = tokens })
        .Optional("constrain", "Whether the request's response format and tools are enforced upstream where they can be; else they are only checked.", Scalars.Switch, o => o.Constrain, (o, constrain) => o with { Constrain = constrain });
}
