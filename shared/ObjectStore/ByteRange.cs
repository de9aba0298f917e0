namespace Ebb.ObjectStore;

/// <summary>A part of an object.</summary>
/// <param name="Offset">The first byte, from 0; must be inside the object.</param>
/// <param name="Length">How many, at least 1; null: to the end. More than there are: to the end.</param>
public readonly record struct ByteRange(long Offset, long? Length = null)
{
    /// <summary>How many bytes of an object of <paramref name="size"/> bytes this is; null when it begins behind its end or is empty.</summary>
    internal long? LengthIn(long size) =>
        Offset < 0 || Offset >= size || Length <= 0 ? null : Math.Min(Length ?? long.MaxValue, size - Offset);
}
