using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Ebb.Scaler.Tests.Hosting;

/// <summary>A gRPC request made byte by byte over plain HTTP/2.</summary>
internal sealed class RawCall : IDisposable
{
    private readonly HttpClient _client = new();
    private readonly HttpRequestMessage _request;

    public RawCall(Uri address, string path, byte[] body)
    {
        _request = new(HttpMethod.Post, new Uri(address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        _request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        _request.Headers.TryAddWithoutValidation("te", "trailers");
    }

    public HttpRequestMessage Request => _request;

    public static byte[] Frame(IMessage message) => Frame(0, message.ToByteArray());

    public static byte[] Frame(byte flag, byte[] message)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Gzip(byte[] data)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.SmallestSize))
        {
            gzip.Write(data);
        }

        return output.ToArray();
    }

    public RawCall With(string header, string value)
    {
        _request.Headers.TryAddWithoutValidation(header, value);
        return this;
    }

    /// <summary>Sends, reads to the end, and tells the status that was given, wherever it stood.</summary>
    public async Task<RawAnswer> SendAsync()
    {
        using var response = await _client.SendAsync(_request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var trailersOnly = response.Headers.Contains("grpc-status");
        HttpHeaders source = trailersOnly ? response.Headers : response.TrailingHeaders;
        return new(
            response.StatusCode, Value(source, "grpc-status"), Value(source, "grpc-message"), trailersOnly,
            Value(response.Headers, "grpc-accept-encoding"), response.Content.Headers.ContentType?.MediaType, body);
    }

    public void Dispose()
    {
        _request.Dispose();
        _client.Dispose();
    }

    private static string? Value(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.Single() : null;
}

internal sealed record RawAnswer(
    HttpStatusCode Http, string? Status, string? Message, bool TrailersOnly, string? AcceptEncoding, string? ContentType, byte[] Body);
