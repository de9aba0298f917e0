namespace Ebb.Contracts.PullRequests;

/// <summary>Names repositories: <c>owner/name</c> one, <c>owner/*</c> all below. Hosts do not tell names apart by case, and neither does this.</summary>
public readonly record struct RepositoryPattern
{
    /// <summary>What a pattern must look like, for messages.</summary>
    public const string Rule = "owner/name, or owner/* for all below";

    private readonly string? _value;

    private RepositoryPattern(string value) => _value = value;

    /// <summary>Reads a pattern; a <c>*</c> stands at its end or nowhere.</summary>
    public static bool TryParse(string? text, out RepositoryPattern pattern)
    {
        var valid = text?.Split('/') is { Length: >= 2 } segments
            && segments.All(segment => segment.Trim().Length > 0)
            && segments[..^1].All(segment => !segment.Contains('*', StringComparison.Ordinal))
            && (segments[^1] == "*" || !segments[^1].Contains('*', StringComparison.Ordinal));
        pattern = valid ? new RepositoryPattern(text!) : default;
        return valid;
    }

    /// <summary>Whether a repository of this path, <see cref="GitRepository.FullName"/>, is one of those named.</summary>
    public bool Covers(string fullName)
    {
        ArgumentNullException.ThrowIfNull(fullName);
        return _value is { } value
            && (value.EndsWith("/*", StringComparison.Ordinal)
                ? fullName.StartsWith(value[..^1], StringComparison.OrdinalIgnoreCase)
                : fullName.Equals(value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The pattern as it was written.</summary>
    public override string ToString() => _value ?? "";
}
