namespace Ebb.Worker;

/// <summary>A ConfigMap, mounted as files.</summary>
/// <param name="ConfigMap">The ConfigMap's name, such as <c>ebb-images</c>.</param>
/// <param name="Directory">Where its keys are mounted, a file each.</param>
public sealed record FileNeed(string ConfigMap, string Directory);
