using System.Text.Json.Nodes;

namespace Ebb.Manifests.Settings;

/// <summary>
/// Requests and limits, all in this place. They follow what was measured of the native binaries (infra/docs/install.md, "Sizing"). A limit
/// is about three times the peak, so that it is a fuse and no regulator.
/// </summary>
internal sealed record ResourceFigures(string Cpu, string Memory, string CpuLimit, string MemoryLimit)
{
    /// <summary>The door: requests are small and short.</summary>
    public static ResourceFigures Door { get; } = new("20m", "64Mi", "500m", "192Mi");

    /// <summary>A worker: idle for a moment, then busy with the network and with hashes.</summary>
    public static ResourceFigures Worker { get; } = new("50m", "96Mi", "1", "320Mi");

    /// <summary>Everything in one process, its store included.</summary>
    public static ResourceFigures AllInOne { get; } = new("50m", "128Mi", "1", "512Mi");

    public JsonObject ToJson() => new()
    {
        ["requests"] = new JsonObject { ["cpu"] = Cpu, ["memory"] = Memory },
        ["limits"] = new JsonObject { ["cpu"] = CpuLimit, ["memory"] = MemoryLimit },
    };
}
