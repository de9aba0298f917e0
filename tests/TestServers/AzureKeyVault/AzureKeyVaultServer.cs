using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Ebb.TestServers.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ebb.TestServers.AzureKeyVault;

/// <summary>
/// A stand-in of Azure Key Vault and of the login server it trusts, under their real names over TLS: <see cref="CreateHandler"/> makes a handler whose
/// connections end here whatever host they are for (https://learn.microsoft.com/rest/api/keyvault/secrets, API version 7.x and 2025-07-01).
/// </summary>
public sealed class AzureKeyVaultServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly int _port;
    private readonly ConcurrentQueue<(int Status, string? RetryAfter)> _failures = new();

    private AzureKeyVaultServer(WebApplication app, X509Certificate2 certificate, int port, TimeProvider time)
    {
        (_app, _certificate, _port) = (app, certificate, port);
        Secrets = new AzureKeyVaultSecrets(Vault, time);
    }

    /// <summary>The vault's address.</summary>
    public Uri Vault { get; } = new("https://shop.vault.azure.net/");

    public EntraTokens Entra { get; } = new();

    public AzureKeyVaultSecrets Secrets { get; }

    /// <summary>Every request, <c>METHOD host/path</c>, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<AzureKeyVaultServer> StartAsync(TimeProvider? time = null)
    {
        var certificate = CreateCertificate();
        var port = LoopbackPort.Next();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate)));
        builder.Logging.ClearProviders();
        var server = new AzureKeyVaultServer(builder.Build(), certificate, port, time ?? TimeProvider.System);
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A handler whose connections all end here, and that trusts this server only.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == _certificate.GetCertHashString();
        return handler;
    }

    /// <summary>Answers the vault's next requests with a failure, one for each.</summary>
    public void FailNext(int status, int times = 1, string? retryAfter = "0")
    {
        for (var i = 0; i < times; i++)
        {
            _failures.Enqueue((status, retryAfter));
        }
    }

    /// <summary>How many requests begin with this text.</summary>
    public int Count(string request) => Requests.Count(made => made.StartsWith(request, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        Requests.Enqueue($"{request.Method} {request.Host.Host}{request.Path}");
        if (request.Host.Host == EntraTokens.Host)
        {
            await Entra.AnswerAsync(context);
        }
        else if (request.Host.Host != Vault.Host)
        {
            context.Response.StatusCode = 404;
        }
        else if (!Entra.Accepts(request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer authorization=\"https://{EntraTokens.Host}/{EntraTokens.Tenant}\", resource=\"https://vault.azure.net\"";
            await WriteAsync(context.Response, AzureKeyVaultSecrets.Error(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."));
        }
        else if (_failures.TryDequeue(out var failure))
        {
            context.Response.Headers.RetryAfter = failure.RetryAfter;
            await WriteAsync(context.Response, AzureKeyVaultSecrets.Error(failure.Status, failure.Status == 429 ? "Throttled" : "InternalServerError", "on demand"));
        }
        else
        {
            await WriteAsync(context.Response, await Secrets.AnswerAsync(request));
        }
    }

    private static async Task WriteAsync(HttpResponse response, (int Status, JsonNode? Body) answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = "application/json; charset=utf-8";
        if (answer.Body is not null)
        {
            await response.WriteAsync(answer.Body.ToJsonString());
        }
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=azure.test", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }
}
