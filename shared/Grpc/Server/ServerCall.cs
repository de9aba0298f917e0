using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Ebb.Grpc;

/// <summary>One call: reads the request, runs the handler, ends with a status.</summary>
internal sealed partial class ServerCall(HttpContext http, ServerMethod method, GrpcServerOptions options, TimeProvider time, ILogger logger)
{
    public const string StatusHeader = "grpc-status";
    public const string MessageHeader = "grpc-message";
    public const string EncodingHeader = "grpc-encoding";
    public const string AcceptEncodingHeader = "grpc-accept-encoding";
    public const string ContentType = "application/grpc";

    private string _encoding = MessageFrame.Identity;

    public ServerCallContext Context { get; private set; } = null!;

    /// <summary>Ends a call that has sent nothing yet: the status stands in the headers (PROTOCOL-HTTP2, Responses, Trailers-Only).</summary>
    public static void EndWith(HttpContext http, StatusCode status, string detail)
    {
        http.Response.ContentType = ContentType;
        WriteStatus(status, detail, (name, value) => http.Response.Headers[name] = value);
    }

    public async Task RunAsync()
    {
        options.OnStarted?.Invoke(method.FullName);
        var started = time.GetTimestamp();
        var status = StatusCode.Internal;
        try
        {
            (status, var detail) = await AnswerAsync();
            End(status, detail);
        }
        finally
        {
            options.OnFinished?.Invoke(new(method.FullName, method.IsStream, status, time.GetElapsedTime(started)));
        }
    }

    /// <summary>Reads the one message of the request.</summary>
    public async ValueTask<T> ReadRequestAsync<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        var reader = http.Request.BodyReader;
        var (compressed, length) = await ReadHeaderAsync(reader);
        if (length == 0)
        {
            return MessageFrame.Parse(ReadOnlySequence<byte>.Empty, compressed, options.MaxReceiveMessageBytes, parser);
        }

        var body = await reader.ReadAtLeastAsync(length, Context.CancellationToken);
        if (body.Buffer.Length < length)
        {
            throw new RpcException(StatusCode.Internal, $"The message of the request ends after {body.Buffer.Length} of its {length} bytes.");
        }

        if (body.Buffer.Length > length)
        {
            throw new RpcException(StatusCode.Unimplemented, $"{method.FullName} takes one message, and the request goes on after it.");
        }

        var message = MessageFrame.Parse(body.Buffer.Slice(0, length), compressed, options.MaxReceiveMessageBytes, parser);
        reader.AdvanceTo(body.Buffer.GetPosition(length));
        return message;
    }

    /// <summary>Lets the caller know that its stream is accepted, before there is a message.</summary>
    public async ValueTask StartStreamAsync()
    {
        Start();
        await http.Response.BodyWriter.FlushAsync(Context.CancellationToken);
    }

    public async ValueTask WriteAsync(IMessage message, CancellationToken cancellationToken)
    {
        Context.CancellationToken.ThrowIfCancellationRequested();
        Start();
        MessageFrame.Write(http.Response.BodyWriter, message);
        await http.Response.BodyWriter.FlushAsync(cancellationToken);
        Context.CancellationToken.ThrowIfCancellationRequested();
    }

    private void Start()
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = ContentType;
            http.Response.Headers[AcceptEncodingHeader] = MessageFrame.Accepted;
        }
    }

    private async Task<(StatusCode Status, string Detail)> AnswerAsync()
    {
        var timeout = http.Request.Headers[GrpcTimeout.Header].ToString();
        var limit = Timeout.InfiniteTimeSpan;
        if (timeout.Length > 0 && !GrpcTimeout.TryParse(timeout, out limit))
        {
            return (StatusCode.Internal, $"The header grpc-timeout is '{timeout}'; it must be one to eight digits and one of H, M, S, m, u, n.");
        }

        _encoding = http.Request.Headers[EncodingHeader].ToString();
        if (!MessageFrame.IsSupported(_encoding))
        {
            http.Response.Headers[AcceptEncodingHeader] = MessageFrame.Accepted;
            return (StatusCode.Unimplemented, $"The encoding '{_encoding}' of messages is not supported; {MessageFrame.Accepted} are.");
        }

        // Calls that stay open are watched by HTTP/2 pings; a minimum rate would end them.
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        using var deadline = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, http.RequestAborted);
        Context = new(method.FullName, http.Request.Headers, timeout.Length > 0 ? time.GetUtcNow() + limit : null, both.Token);
        return await HandleAsync(deadline.Token);
    }

    private async Task<(StatusCode Status, string Detail)> HandleAsync(CancellationToken deadline)
    {
        try
        {
            await method.Answer(this);
            return (StatusCode.OK, string.Empty);
        }
        catch (RpcException answer)
        {
            return (answer.StatusCode, answer.Detail);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            return (StatusCode.Cancelled, string.Empty);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return (StatusCode.DeadlineExceeded, "The time that the caller gave was over.");
        }
        catch (Exception gone) when (gone is ConnectionResetException or BadHttpRequestException)
        {
            return (StatusCode.Cancelled, string.Empty);
        }
        catch (Exception error)
        {
            LogFailed(logger, method.FullName, error);
            return (StatusCode.Unknown, $"{method.FullName} failed; the server's log says why.");
        }
    }

    private async ValueTask<(bool Compressed, int Length)> ReadHeaderAsync(PipeReader reader)
    {
        var result = await reader.ReadAtLeastAsync(MessageFrame.HeaderLength, Context.CancellationToken);
        if (result.Buffer.Length < MessageFrame.HeaderLength)
        {
            throw result.Buffer.IsEmpty
                ? new RpcException(StatusCode.Unimplemented, $"{method.FullName} takes one message, and the request holds none.")
                : new RpcException(StatusCode.Internal, "The request ends within the header of its message.");
        }

        var bytes = new byte[MessageFrame.HeaderLength];
        result.Buffer.Slice(0, MessageFrame.HeaderLength).CopyTo(bytes);
        reader.AdvanceTo(result.Buffer.GetPosition(MessageFrame.HeaderLength));
        return MessageFrame.ReadHeader(bytes, _encoding, options.MaxReceiveMessageBytes);
    }

    private void End(StatusCode status, string detail)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (http.Response.HasStarted)
        {
            WriteStatus(status, detail, (name, value) => http.Response.AppendTrailer(name, value));
        }
        else
        {
            EndWith(http, status, detail);
        }
    }

    private static void WriteStatus(StatusCode status, string detail, Action<string, string> write)
    {
        write(StatusHeader, ((int)status).ToString(CultureInfo.InvariantCulture));
        if (detail.Length > 0)
        {
            write(MessageHeader, StatusMessage.Encode(detail));
        }
    }
}
