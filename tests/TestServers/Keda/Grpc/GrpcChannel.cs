using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Ebb.TestServers.Keda.Grpc;

/// <summary>
/// Calls as grpc-go makes them with the policy round_robin: each goes to the next address that can be connected to; no
/// deadline, no retry. PROTOCOL-HTTP2.md of the gRPC core specification.
/// </summary>
internal sealed class GrpcChannel : IDisposable
{
    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");

    private readonly HttpMessageInvoker _http;
    private readonly IReadOnlyList<Uri> _addresses;
    private int _next = -1;

    /// <param name="addresses">Host and port, several separated by commas.</param>
    /// <param name="withTls">Whether the connection is encrypted.</param>
    public GrpcChannel(string addresses, bool withTls)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan };
        _http = new HttpMessageInvoker(handler, disposeHandler: true);
        var scheme = withTls ? "https" : "http";
        _addresses = [.. addresses.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(address => new Uri($"{scheme}://{address}"))];
        if (_addresses.Count == 0)
            throw new FormatException($"'{addresses}' names no address; it must be host:port.");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>One message there, one back.</summary>
    public async Task<T> CallAsync<T>(string method, IMessage request, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        T? answer = null;
        await foreach (var message in StreamAsync(method, request, parser, cancellationToken))
        {
            answer = message;
        }

        return answer ?? throw new GrpcException(GrpcException.Unknown, $"{method} ended with OK and no message");
    }

    /// <summary>One message there, any number back; ends when the server ends the stream with OK.</summary>
    /// <exception cref="GrpcException">The stream ended otherwise.</exception>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        string method, IMessage request, MessageParser<T> parser, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        using var response = await SendAsync(method, GrpcFrames.Write(request), cancellationToken);
        ThrowIfRefused(response);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (await GrpcFrames.ReadAsync(body, cancellationToken) is { } frame)
        {
            yield return parser.ParseFrom(frame);
        }

        GrpcStatus.ThrowUnlessOk(response.TrailingHeaders.Contains(GrpcStatus.Header) ? response.TrailingHeaders : response.Headers);
    }

    private static void ThrowIfRefused(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            throw new GrpcException(GrpcException.Unknown, $"HTTP status {(int)response.StatusCode}");
        if (response.Headers.Contains(GrpcStatus.Header))
            GrpcStatus.ThrowUnlessOk(response.Headers);
        if (response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
            throw new GrpcException(GrpcException.Unknown, $"content type {response.Content.Headers.ContentType}");
    }

    private async Task<HttpResponseMessage> SendAsync(string method, byte[] frame, CancellationToken cancellationToken)
    {
        HttpRequestException? failure = null;
        for (var i = 0; i < _addresses.Count; i++)
        {
            var address = _addresses[(int)((uint)Interlocked.Increment(ref _next) % _addresses.Count)];
            try
            {
                return await _http.SendAsync(Request(new Uri(address, method), frame), cancellationToken);
            }
            catch (HttpRequestException e)
            {
                failure = e;
                if (e.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError))
                    break;
            }
        }

        throw new GrpcException(GrpcException.Unavailable, $"{string.Join(", ", _addresses)}: {failure?.Message}", failure);
    }

    private static HttpRequestMessage Request(Uri uri, byte[] frame)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = ContentType } },
        };
        request.Headers.Add("te", "trailers");
        request.Headers.Add("user-agent", "simulated-keda");
        return request;
    }
}
