using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Http;
using Ebb.Kubernetes.Authentication;

namespace Ebb.Kubernetes;

/// <summary>Sends requests with the credential and reads answers: bounded, no redirects, faults named.</summary>
internal sealed class KubernetesTransport : IDisposable
{
    // etcd takes objects of 1.5 MiB; as JSON with managed fields they may be several times as long.
    public const int MaxObjectBytes = 8 * 1024 * 1024;
    private const int MaxStatusBytes = 256 * 1024;

    private readonly HttpClient _http;
    private readonly KubernetesOptions _options;
    private readonly ClusterCredential _credential;
    private readonly TimeProvider _time;
    private readonly Uri _server;

    public KubernetesTransport(KubernetesOptions options, ClusterCredential credential, TimeProvider time)
    {
        (_options, _credential, _time) = (options, credential, time);
        _server = new Uri(options.Server.TrimEnd('/') + "/");
        _http = HttpTransport.CreateClient(
            new TransportOptions
            {
                CaFile = options.CaFile,
                CaPem = options.CaPem,
                AcceptAnyCertificate = options.Insecure && options.CaFile is null && options.CaPem is null,
                ClientCertificate = credential.HasCertificate ? () => credential.Certificate : null,
                MaxConcurrentRequests = options.MaxConcurrentRequests,
                Resilience = options.Resilience,
            },
            time);
    }

    public KubernetesOptions Options => _options;

    /// <summary>Sends a request and reads the object it is answered with.</summary>
    /// <exception cref="KubernetesException">Anything but a successful answer with an object.</exception>
    public async Task<JsonObject> SendAsync(KubernetesRequest request, CancellationToken cancellationToken)
    {
        var call = new CallOptions { MaxBodyBytes = request.MaxAnswerBytes, Repeatable = request.Repeatable, IsFinal = IsSchemaError };
        using var response = await SendAsync(request, call, cancellationToken);
        try
        {
            return StrictJson.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (JsonException exception)
        {
            throw new KubernetesException(
                $"{_options} answered {request} with something that is not the JSON of an object. Is the address right?", KubernetesFault.Protocol, exception);
        }
    }

    /// <summary>Sends a request whose answer is read line by line; it takes no slot from other requests.</summary>
    public Task<HttpResponseMessage> StreamAsync(KubernetesRequest request, CancellationToken cancellationToken) =>
        SendAsync(request, new CallOptions { Unlimited = true, Repeatable = true }, cancellationToken);

    public void Dispose()
    {
        _http.Dispose();
        _credential.Dispose();
    }

    // A credential that was refused is fetched anew, once: it may have been rotated since it was read.
    private async Task<HttpResponseMessage> SendAsync(KubernetesRequest request, CallOptions call, CancellationToken cancellationToken)
    {
        var token = await _credential.GetTokenAsync(cancellationToken);
        var response = await SendOnceAsync(request, call, token, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized && await _credential.TryReplaceAsync(token, cancellationToken))
        {
            response.Dispose();
            response = await SendOnceAsync(request, call, await _credential.GetTokenAsync(cancellationToken), cancellationToken);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw KubernetesFaults.Of(response, await ReadStatusAsync(response, cancellationToken), request, _options, _credential, _time);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(KubernetesRequest request, CallOptions call, string? token, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, new Uri(_server, request.Path));
        call.ApplyTo(message);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.Host = _options.TlsServerName;
        message.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
        }

        try
        {
            return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw KubernetesFaults.Of(exception, request, _options);
        }
        catch (BodyTooLongException exception)
        {
            throw new KubernetesException($"{_options} answered {request} with more than {exception.MaxBytes} bytes.", KubernetesFault.Protocol, exception);
        }
        catch (IOException exception)
        {
            throw new KubernetesException($"{_options} could not be asked {request}: {exception.Message}", KubernetesFault.Unreachable, exception);
        }
    }

    // Apply answers fields that are not in the schema with 500 and no reason (kubernetes#122480): asking again changes nothing.
    private static bool IsSchemaError(HttpStatusCode status, byte[] body) =>
        status == HttpStatusCode.InternalServerError && body.Length <= MaxStatusBytes && KubernetesFaultReading.SaysSchemaError(Encoding.UTF8.GetString(body));

    // What cannot be read is left out: the status code tells the fault.
    private static async Task<JsonObject?> ReadStatusAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return StrictJson.Parse(await BoundedContent.ReadAsync(response.Content, MaxStatusBytes, cancellationToken));
        }
        catch (Exception exception) when (exception is JsonException or BodyTooLongException or HttpRequestException or IOException)
        {
            return null;
        }
    }
}
