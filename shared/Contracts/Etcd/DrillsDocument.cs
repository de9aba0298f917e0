namespace Ebb.Contracts.Etcd;

/// <summary>The newest drills of one cluster: a document of host storage, shown by the door.</summary>
public sealed record DrillsDocument
{
    /// <summary>What the keys of these documents begin with; the cluster's name follows.</summary>
    public const string KeyPrefix = "etcd/drills/";

    /// <summary>The most drills that are kept, beside the newest of each outcome.</summary>
    public const int MaxDrills = 10;

    /// <summary>The cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>The drills, newest first.</summary>
    public required IReadOnlyList<DrillReport> Drills { get; init; }
}
