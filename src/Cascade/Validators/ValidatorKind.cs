using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators;

/// <summary>A kind of validator that a route can name: <c>validate: [ { name: { options } } ]</c>.</summary>
/// <param name="Name">Its name in a route.</param>
/// <param name="Summary">What it checks, in one line.</param>
/// <param name="Options">The type of its options; the configuration's schema is made from it.</param>
/// <param name="Create">Makes one from its options as JSON and the folder that relative paths in them start from. Throws <see cref="ProblemException"/> naming the option that is wrong.</param>
public sealed record ValidatorKind(string Name, string Summary, JsonTypeInfo Options, Func<JsonElement, string, IValidator> Create)
{
    /// <summary>A kind with typed options.</summary>
    public static ValidatorKind Of<TOptions>(string name, string summary, JsonTypeInfo<TOptions> options, Func<TOptions, IValidator> create) where TOptions : class =>
        Of(name, summary, options, (read, _) => create(read));

    /// <summary>A kind with typed options, some of them paths.</summary>
    public static ValidatorKind Of<TOptions>(string name, string summary, JsonTypeInfo<TOptions> options, Func<TOptions, string, IValidator> create) where TOptions : class =>
        new(name, summary, options, (json, folder) => create(Read(name, options, json), folder));

    private static TOptions Read<TOptions>(string name, JsonTypeInfo<TOptions> type, JsonElement json) where TOptions : class
    {
        try
        {
            return json.Deserialize(type) ?? throw ProblemException.Invalid($"{name} needs an object of options.", name);
        }
        catch (JsonException exception)
        {
            throw new ProblemException(new Problem(ProblemKind.InvalidRequest, exception.Message, exception.Path?.TrimStart('$', '.')), exception);
        }
    }
}
