using Ebb.TestServers.Kubernetes.Ownership;

namespace Ebb.TestServers.Kubernetes;

/// <summary>How something is written.</summary>
internal sealed record WriteOptions(FieldManager Manager)
{
    public bool Strict { get; init; } = true;

    public bool DryRun { get; init; }

    public bool Force { get; init; }

    public bool OnStatus => Manager.Subresource == "status";

    public static WriteOptions Controller(string name, bool status = false) => new(new FieldManager(name, Applies: false, status ? "status" : "")) { Strict = false };
}
