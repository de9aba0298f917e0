namespace Ebb.EtcdBackup.Sources.Talos;

/// <summary>One context of a talosconfig, its credentials decoded from base64 to PEM.</summary>
internal sealed record TalosContext
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The control planes' addresses, without a port.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>The nodes to ask; may be empty.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>The authority's certificates.</summary>
    public required byte[] Authorities { get; init; }

    /// <summary>The client's certificate.</summary>
    public required byte[] Certificate { get; init; }

    /// <summary>Its key.</summary>
    public required byte[] Key { get; init; }

    /// <summary>Names the context and no key.</summary>
    public override string ToString() => Name;
}
