using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ebb.TestServers.Rpc;

/// <summary>One call as a server sees it (grpc, doc/PROTOCOL-HTTP2.md).</summary>
internal sealed class RpcCall(HttpContext context)
{
    private const int PrefixBytes = 5;

    public CancellationToken Aborted => context.RequestAborted;

    public string? Header(string name) => context.Request.Headers.TryGetValue(name, out var values) ? (string?)values : null;

    /// <summary>The one message of the request.</summary>
    public async Task<byte[]> ReadAsync()
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, Aborted);
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
        await context.Response.Body.WriteAsync(prefix, Aborted);
        await context.Response.Body.WriteAsync(message, Aborted);
    }

    /// <summary>Sends what was written so far.</summary>
    public Task FlushAsync()
    {
        Begin();
        return context.Response.Body.FlushAsync(Aborted);
    }

    /// <summary>Ends the call; after messages with trailers, otherwise with headers only.</summary>
    public async Task EndAsync(int status = 0, string message = "")
    {
        if (!context.Response.HasStarted)
        {
            Begin();
            await context.Response.StartAsync(Aborted);
        }

        context.Response.AppendTrailer("grpc-status", $"{status}");
        context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
    }

    /// <summary>Resets the stream (HTTP/2 RST_STREAM with INTERNAL_ERROR), as a server does that dies in its handler.</summary>
    public void Reset() => context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(2);

    /// <summary>Cuts the connection under the call.</summary>
    public void Cut() => context.Abort();

    private void Begin()
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/grpc";
        }
    }
}
