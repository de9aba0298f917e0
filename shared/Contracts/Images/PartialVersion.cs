namespace Ebb.Contracts.Images;

/// <summary>A version of a range, of which the last numbers may be missing: <c>1</c>, <c>1.2</c>, <c>1.x</c>, <c>*</c>.</summary>
internal readonly record struct PartialVersion(long? Major, long? Minor, long? Patch, string? PreRelease)
{
    public bool IsComplete => Patch is not null;

    /// <summary>The lowest version that it covers.</summary>
    public SemanticVersion Lowest => new(Major ?? 0, Minor ?? 0, Patch ?? 0, PreRelease);

    /// <summary>The lowest version above all that it covers; for <c>*</c> none is.</summary>
    public SemanticVersion AfterLast => this switch
    {
        { Major: null } => new(long.MaxValue, 0, 0),
        { Minor: null } => new(Major.Value + 1, 0, 0),
        _ => new(Major.Value, Minor.Value + 1, 0),
    };

    /// <summary>The end of <c>~</c>: changes of the last number given but one.</summary>
    public SemanticVersion AfterTilde => AfterLast;

    /// <summary>The end of <c>^</c>: changes right of the first number that is not zero.</summary>
    public SemanticVersion AfterCaret => this switch
    {
        { Major: null } => new(long.MaxValue, 0, 0),
        { Major: > 0 } or { Minor: null } => new(Major.Value + 1, 0, 0),
        { Minor: > 0 } or { Patch: null } => new(0, Minor.Value + 1, 0),
        _ => new(0, 0, Patch.Value + 1),
    };

    public static bool TryParse(string text, out PartialVersion version)
    {
        version = default;
        var rest = text.StartsWith('v') ? text[1..] : text;
        var hyphen = rest.IndexOf('-');
        var preRelease = hyphen < 0 ? null : rest[(hyphen + 1)..];
        var parts = (hyphen < 0 ? rest : rest[..hyphen]).Split('.');
        var numbers = new long?[3];
        if (parts.Length > 3 || preRelease is "")
        {
            return false;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] is "x" or "X" or "*")
            {
                continue;
            }

            // A number right of a wildcard (1.x.3) has no meaning.
            if (!SemanticVersion.TryReadNumber(parts[i], out var number) || (i > 0 && numbers[i - 1] is null))
            {
                return false;
            }

            numbers[i] = number;
        }

        version = new PartialVersion(numbers[0], numbers[1], numbers[2], preRelease);
        return preRelease is null || version.IsComplete;
    }
}
