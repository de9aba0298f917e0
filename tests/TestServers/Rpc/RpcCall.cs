using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ebb.TestServers.Rpc;

/// <summary>One call as a server sees it (grpc, doc/PROTOCOL-HTTP2.md).</summary>
public sealed class RpcCall
{
    private const int PrefixBytes = 5;

    private readonly HttpContext _context;

    internal RpcCall(HttpContext context) => _context = context;

    public CancellationToken Aborted => _context.RequestAborted;

    /// <summary>The <c>grpc-encoding</c> of what is sent; to be set before.</summary>
    public string? Encoding { get; set; }

    public string? Header(string name) => _context.Request.Headers.TryGetValue(name, out var values) ? (string?)values : null;

    /// <summary>The one message of the request.</summary>
    public async Task<byte[]> ReadAsync()
    {
        using var body = new MemoryStream();
        await _context.Request.Body.CopyToAsync(body, Aborted);
        var bytes = body.ToArray();
        if (bytes.Length < PrefixBytes || bytes[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)) != bytes.Length - PrefixBytes)
        {
            throw new InvalidOperationException("The request is not one length-prefixed message without compression.");
        }

        return bytes[PrefixBytes..];
    }

    /// <summary>Sends a message.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> message)
    {
        Begin();
        var prefix = new byte[PrefixBytes];
        BinaryPrimitives.WriteUInt32BigEndian(prefix.AsSpan(1), (uint)message.Length);
        await _context.Response.Body.WriteAsync(prefix, Aborted);
        await _context.Response.Body.WriteAsync(message, Aborted);
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task WriteRawAsync(byte[] bytes)
    {
        Begin();
        await _context.Response.Body.WriteAsync(bytes, Aborted);
        await _context.Response.Body.FlushAsync(Aborted);
    }

    /// <summary>Answers with plain HTTP, as something does that is no gRPC server.</summary>
    public Task AnswerAsync(int status, string contentType, string text)
    {
        (_context.Response.StatusCode, _context.Response.ContentType) = (status, contentType);
        return _context.Response.WriteAsync(text, Aborted);
    }

    /// <summary>Sends what was written so far.</summary>
    public Task FlushAsync()
    {
        Begin();
        return _context.Response.Body.FlushAsync(Aborted);
    }

    /// <summary>Ends the call; after messages with trailers, otherwise with headers only.</summary>
    public async Task EndAsync(int status = 0, string message = "")
    {
        if (!_context.Response.HasStarted)
        {
            Begin();
            await _context.Response.StartAsync(Aborted);
        }

        _context.Response.AppendTrailer("grpc-status", $"{status}");
        _context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
    }

    /// <summary>Resets the stream (HTTP/2 RST_STREAM with INTERNAL_ERROR), as a server does that dies in its handler.</summary>
    public void Reset() => _context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(2);

    /// <summary>Cuts the connection under the call.</summary>
    public void Cut() => _context.Abort();

    private void Begin()
    {
        if (!_context.Response.HasStarted)
        {
            _context.Response.ContentType = "application/grpc";
            if (Encoding is not null)
            {
                _context.Response.Headers["grpc-encoding"] = Encoding;
            }
        }
    }
}
