namespace Ebb.Http;

/// <summary>A body is longer than its limit. It was not read further.</summary>
public sealed class BodyTooLongException(int maxBytes) : Exception($"The answer's body is longer than the {maxBytes} bytes allowed for it.")
{
    /// <summary>The limit in bytes.</summary>
    public int MaxBytes { get; } = maxBytes;
}
