namespace Ebb.EtcdBackup.Configuration;

/// <summary>How Talos is reached: <c>EtcdBackup:TalosConfig</c>, <c>TalosContext</c>, <c>TalosNodes</c>.</summary>
public sealed record TalosOptions
{
    /// <summary>The talosconfig. Read in each run, because its certificate lives for hours only. Default where Talos mounts it.</summary>
    public string ConfigFile { get; init; } = "/var/run/secrets/talos.dev/config";

    /// <summary>The context in it; null for the one that it names itself.</summary>
    public string? Context { get; init; }

    /// <summary>The control planes to ask, through the endpoints; empty for the talosconfig's nodes, else the endpoints themselves.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];
}
