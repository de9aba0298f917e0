namespace Ebb.Storage.Exclusion;

/// <summary>Another run holds an exclusive key. Nothing was done under it.</summary>
public sealed class KeyHeldException(string key, string? run, DateTimeOffset? since) : HostStorageException(
    $"{(run is null ? "Another run" : $"Run {run}")} holds the key {key}{(since is null ? "" : $" since {since:u}")}; ask again when it has ended, or three minutes after its process was killed.")
{
    /// <summary>The run; null when it took the key at the same moment.</summary>
    public string? Run { get; } = run;

    /// <summary>Since when; null when that is not known.</summary>
    public DateTimeOffset? Since { get; } = since;
}
