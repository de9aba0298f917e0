namespace Ebb.SecretBump.Stores;

/// <summary>Who wrote a version and why; kept beside it in the store, without any value but the tag.</summary>
public sealed record VersionNote
{
    /// <summary>The tag that was written.</summary>
    public required string Tag { get; init; }

    /// <summary>Who asked: the name of a key, or a queue.</summary>
    public string? By { get; init; }

    /// <summary>The build.</summary>
    public string? Build { get; init; }

    /// <summary>The commit.</summary>
    public string? Commit { get; init; }

    /// <summary>The run's id.</summary>
    public string? Run { get; init; }

    /// <summary>The same with every field at most that long: stores keep little beside a version, and the run tells it in full.</summary>
    internal VersionNote Cut(int length) => new()
    {
        Tag = Cut(Tag, length)!,
        By = Cut(By, length),
        Build = Cut(Build, length),
        Commit = Cut(Commit, length),
        Run = Cut(Run, length),
    };

    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;
}
