using System.Text.Json.Nodes;
using Countersign.Gateway.Configuration.Files;
using Countersign.Gateway.Configuration.Shapes;
using Countersign.Gateway.Dispatch;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>Several deployments under one name: <c>[a, { deployment: b, weight: 3 }]</c>.</summary>
internal sealed class PoolSection : Shape<Pool>
{
    private static readonly ObjectShape<PoolMember> Weighted = new ObjectShape<PoolMember>("A deployment with its weight.", _ => new PoolMember(""))
        .Required("deployment", "The deployment's name.", Scalars.Text, (o, deployment) => o with { Deployment = deployment })
        .Optional("weight", "Its share of first choices, relative to the others'; 0: only as fallback.", Scalars.Number(0, 1_000_000), o => o.Weight, (o, weight) => o with { Weight = weight });

    private static readonly ListShape<PoolMember> Members = new(new EitherShape<PoolMember>(new Unweighted(), Weighted));

    public override bool TryRead(ConfigNode node, ProblemList problems, out Pool value)
    {
        bool isRead = Members.TryRead(node, problems, out IReadOnlyList<PoolMember> members);
        value = new Pool(node.Path.Key, members);
        return isRead;
    }

    public override JsonObject Schema() => Members.Schema();

    private sealed class Unweighted : Shape<PoolMember>
    {
        public override bool TryRead(ConfigNode node, ProblemList problems, out PoolMember value)
        {
            bool isRead = Scalars.Text.TryRead(node, problems, out string name);
            value = new PoolMember(name);
            return isRead;
        }

        public override JsonObject Schema() => Scalars.Text.Schema();
    }
}
