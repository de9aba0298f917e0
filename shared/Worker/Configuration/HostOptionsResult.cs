namespace Ebb.Worker.Configuration;

/// <summary>What came of reading <c>host.json</c>.</summary>
/// <param name="Options">The settings; those with an error have their default.</param>
/// <param name="Errors">Every problem the host must not start with: each names the path, the value and what would be right.</param>
/// <param name="Warnings">What has no effect, such as unknown keys.</param>
public sealed record HostOptionsResult(HostOptions Options, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings);
