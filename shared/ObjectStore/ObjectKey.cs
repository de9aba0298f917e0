using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ebb.ObjectStore;

/// <summary>
/// The name of an object inside its store, such as <c>prod/prod-2026-01-31T02:00:00Z.snap.age</c>. Safe as an S3 key and as a relative path: segments
/// joined by <c>/</c>, none empty, <c>.</c> or <c>..</c>, no backslash, control character or surrogate half, none beginning with <c>.ebb-upload-</c>, each at most 200 and all at most
/// 700 bytes of UTF-8 (S3 ends at 1,024 with the store's prefix, files at 255 for a name).
/// </summary>
public readonly record struct ObjectKey
{
    private const int MaxBytes = 700;
    private const int MaxSegmentBytes = 200;
    private readonly string? _value;

    private ObjectKey(string value) => _value = value;

    /// <summary>The key as text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("An ObjectKey is made by Parse or TryParse.");

    /// <summary>Reads a key.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreFault.UnsafeKey"/>: it is no safe key.</exception>
    public static ObjectKey Parse(string text) => TryParse(text, out var key)
        ? key
        : throw new ObjectStoreException(
            $"'{Shown(text)}' is no safe name of an object: segments joined by '/', none empty, '.' or '..', without backslashes and control characters, "
            + $"each at most {MaxSegmentBytes} and together at most {MaxBytes} bytes.",
            ObjectStoreFault.UnsafeKey);

    /// <summary>Reads a key; false when it is not a safe one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ObjectKey key)
    {
        key = default;
        if (text is null || !IsText(text) || Encoding.UTF8.GetByteCount(text) > MaxBytes || !text.Split('/').All(IsSegment))
        {
            return false;
        }

        key = new ObjectKey(text);
        return true;
    }

    /// <summary>The same key with something behind it, such as <c>.json</c>.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreFault.UnsafeKey"/>: that would be no safe key.</exception>
    public ObjectKey Append(string suffix) => Parse(Value + suffix);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";

    private static bool IsText(string text) =>
        !text.Any(character => char.IsControl(character) || character is '\\' or '\uFFFE' or '\uFFFF') && text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);

    private static bool IsSegment(string segment) =>
        segment is not ("" or "." or "..") && !segment.StartsWith(Files.UploadFile.Prefix, StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(segment) <= MaxSegmentBytes;

    private static string Shown(string text) =>
        string.Concat(text.Take(100).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));
}
