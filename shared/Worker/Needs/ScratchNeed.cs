namespace Ebb.Worker;

/// <summary>An empty directory to write into, which ends with the pod.</summary>
/// <param name="Name">The volume's name, such as <c>spool</c>.</param>
/// <param name="Directory">Where it is mounted.</param>
/// <param name="SizeLimit">At most this much may lie in it, such as <c>8Gi</c>.</param>
public sealed record ScratchNeed(string Name, string Directory, string SizeLimit);
