using Countersign.Protocol.Catalogue;

namespace Countersign.Gateway.Dispatch;

/// <summary>What a file declares of a deployment's model; <c>null</c>: what the catalogue knows.</summary>
public sealed record DeclaredFacts
{
    /// <summary>Its licence, as SPDX where one exists.</summary>
    public string? Licence { get; init; }

    /// <summary>What of it can be had.</summary>
    public Openness? Openness { get; init; }

    /// <summary>Its maker.</summary>
    public string? Vendor { get; init; }

    /// <summary>The maker's seat (ISO 3166, two letters).</summary>
    public string? Country { get; init; }
}
