namespace Ebb.PrPreview.Cluster;

/// <summary>What Argo CD says of an Application, seen from the commit that is wanted.</summary>
/// <param name="IsReady">It is in sync with what was asked for, and healthy.</param>
/// <param name="Cause">What is in the way, or what it waits for.</param>
internal sealed record ApplicationVerdict(bool IsReady, string? Cause);
