using System.Net;

namespace Ebb.Http;

/// <summary>A streamed body that gives something back when it is disposed.</summary>
internal sealed class LeasedContent : HttpContent
{
    private readonly HttpContent inner;
    private Action? release;

    public LeasedContent(HttpContent inner, Action release)
    {
        this.inner = inner;
        this.release = release;
        foreach (var header in inner.Headers)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => inner.ReadAsStreamAsync();

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => inner.ReadAsStreamAsync(cancellationToken);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => inner.CopyToAsync(stream, context);

    protected override bool TryComputeLength(out long length)
    {
        length = inner.Headers.ContentLength ?? -1;
        return length >= 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            Interlocked.Exchange(ref release, null)?.Invoke();
        }

        base.Dispose(disposing);
    }
}
