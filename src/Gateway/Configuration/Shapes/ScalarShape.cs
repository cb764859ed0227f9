using System.Text.Json.Nodes;
using Countersign.Gateway.Configuration.Files;

namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>A single value.</summary>
/// <param name="expected">What it is, with an example, to follow "this is".</param>
/// <param name="schema">Makes its JSON schema.</param>
/// <param name="parse">Reads it from its text; <c>null</c>: it is something else.</param>
/// <param name="write">Writes it as in a file.</param>
/// <param name="choices">The values that it may have, where they can be listed.</param>
/// <param name="isSecret">Whether what was found must never be shown.</param>
internal sealed class ScalarShape<T>(
    string expected, Func<JsonObject> schema, Func<string, Parsed<T>?> parse, Func<T, JsonNode?>? write = null, IReadOnlyList<string>? choices = null, bool isSecret = false) : Shape<T>
{
    public override bool TryRead(ConfigNode node, ProblemList problems, out T value)
    {
        value = default!;
        if (node is not ScalarNode scalar)
        {
            problems.Add(node, $"Found {Found.In(node)}, but this is {expected}.", "Write a single value.");
            return false;
        }

        if (parse(scalar.Text) is { } parsed)
        {
            value = parsed.Value;
            return true;
        }

        // An unset variable has been reported already.
        if (scalar.Text.Length > 0 || !Expansion.IsReference(scalar.Written)) Report(scalar, problems);
        return false;
    }

    public override JsonObject Schema() => schema();

    public override JsonNode? Write(T value) => value is null ? null : write?.Invoke(value);

    private void Report(ScalarNode scalar, ProblemList problems)
    {
        string found = isSecret ? "a value" : Found.In(scalar);
        string remedy = choices is null ? $"Write {expected}." : DidYouMean.Remedy(scalar.Text, choices, "Possible");
        problems.Add(scalar, $"Found {found}, but this is {expected}.", remedy);
    }
}

/// <summary>A value that was read.</summary>
internal readonly record struct Parsed<T>(T Value);
