using System.Text.Json.Nodes;
using Countersign.Gateway.Configuration.Files;

namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>A value that may be written in two ways: as a single value, or as a group or list.</summary>
internal sealed class EitherShape<T>(Shape<T> single, Shape<T> structured) : Shape<T>
{
    public override bool TryRead(ConfigNode node, ProblemList problems, out T value) => (node is ScalarNode ? single : structured).TryRead(node, problems, out value);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(single.Schema(), structured.Schema()) };
}
