namespace Ebb.Http;

/// <summary>Reads bodies that a server may make endless.</summary>
public static class BoundedContent
{
    private const int FirstBufferBytes = 16 * 1024;

    /// <summary>Reads a body whole.</summary>
    /// <exception cref="BodyTooLongException">The body is, or says it is, longer than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="HttpRequestException">The link broke before the body's end.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Headers.ContentLength > maxBytes)
        {
            throw new BodyTooLongException(maxBytes);
        }

        using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var expected = (int?)content.Headers.ContentLength;
        var bytes = await ReadAsync(stream, expected ?? FirstBufferBytes, maxBytes, cancellationToken);
        return expected is null || bytes.Length == expected
            ? bytes
            : throw new HttpRequestException(HttpRequestError.ResponseEnded, $"The body ended after {bytes.Length} of {expected} bytes.");
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int capacity, int maxBytes, CancellationToken cancellationToken)
    {
        // One byte more than allowed, so that a body of exactly the limit is told from a longer one.
        var buffer = new byte[Math.Min(capacity, maxBytes) + 1];
        var length = 0;
        while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is var read and > 0)
        {
            length += read;
            if (length > maxBytes)
            {
                throw new BodyTooLongException(maxBytes);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, maxBytes + 1L));
            }
        }

        Array.Resize(ref buffer, length);
        return buffer;
    }
}
