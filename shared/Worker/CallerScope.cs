namespace Ebb.Worker;

/// <summary>
/// What a caller may act on: the names that <c>scopes.json</c> gives its key, or everything. A name is compared as it is; one that
/// ends in <c>*</c> allows all that begin so.
/// </summary>
public sealed class CallerScope
{
    private readonly IReadOnlyList<string>? _names;

    private CallerScope(IReadOnlyList<string>? names) => _names = names;

    /// <summary>No limit.</summary>
    public static CallerScope Everything { get; } = new(null);

    /// <summary>True when the key is limited to names.</summary>
    public bool IsLimited => _names is not null;

    /// <summary>A scope of these names; none allows nothing.</summary>
    public static CallerScope Of(IReadOnlyList<string> names) => new(names);

    /// <summary>Whether the caller may act on this name.</summary>
    public bool Allows(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _names is null || _names.Any(allowed => Matches(allowed, name));
    }

    /// <summary>
    /// Whether <c>scopes.json</c> gives the key this very name: for what no key may do unless it is said. False for keys without limits,
    /// the master key among them, and for names that only a <c>*</c> covers.
    /// </summary>
    public bool Names(string name) => _names?.Contains(name, StringComparer.Ordinal) is true;

    private static bool Matches(string allowed, string name) => allowed is [.. var prefix, '*']
        ? name.StartsWith(prefix, StringComparison.Ordinal)
        : string.Equals(allowed, name, StringComparison.Ordinal);
}
