using System.Text.Json.Nodes;
using Countersign.Gateway.Configuration.Files;

namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>What a value of the file must look like. One description serves three ends: the file is checked by it, read by it, and its JSON schema is made from it.</summary>
internal abstract class Shape<T>
{
    /// <summary>Reads <paramref name="node"/>. Where it has another shape, that is added to <paramref name="problems"/>, and the answer is <c>false</c>.
    /// A group of which a part is wrong is still read: its other parts can then be checked too.</summary>
    public abstract bool TryRead(ConfigNode node, ProblemList problems, out T value);

    /// <summary>The JSON schema of such a value.</summary>
    public abstract JsonObject Schema();

    /// <summary>How <paramref name="value"/> is written in a file, for the schema's <c>default</c>; <c>null</c> where that is no single value.</summary>
    public virtual JsonNode? Write(T value) => null;
}
