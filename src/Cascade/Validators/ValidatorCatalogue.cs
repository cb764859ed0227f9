namespace Countersign.Cascade.Validators;

/// <summary>Every kind of validator that a route can name.</summary>
public static class ValidatorCatalogue
{
    /// <summary>The kinds, cheapest first.</summary>
    public static IReadOnlyList<ValidatorKind> All { get; } =
    [
    ];

    /// <summary>The kind named <paramref name="name"/>, or <c>null</c>.</summary>
    public static ValidatorKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
