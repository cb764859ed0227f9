using Countersign.Protocol.Catalogue;

namespace Countersign.Gateway.Access;

/// <summary>Which models may be asked, by what is known of them. What is not known for certain is refused.</summary>
public sealed record ModelPolicy
{
    /// <summary>Whether the licence must be permissive.</summary>
    public bool PermissiveLicence { get; init; }

    /// <summary>What must be open at least; <c>null</c>: nothing need be.</summary>
    public Openness? Openness { get; init; }

    /// <summary>The makers; <c>null</c>: any.</summary>
    public IReadOnlyList<string>? Vendors { get; init; }

    /// <summary>The makers' seats (ISO 3166, two letters); <c>null</c>: any.</summary>
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>Whether it asks for nothing.</summary>
    public bool IsEmpty => !PermissiveLicence && Openness is null && Vendors is null && Countries is null;
}
