using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ebb.Http;

namespace Ebb.Vault;

/// <summary>Sends requests and reads answers: at most <see cref="MaxAnswerBytes"/>, no redirects, faults named.</summary>
internal sealed class VaultTransport : IDisposable
{
    public const int MaxAnswerBytes = 4 * 1024 * 1024;
    private const HttpStatusCode PreconditionFailed = HttpStatusCode.PreconditionFailed;
    private const int MaxConsistencyRetries = 4;

    private readonly HttpClient _http;
    private readonly VaultOptions _options;
    private readonly Uri _address;
    private readonly TimeProvider _time;

    public VaultTransport(VaultOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _address = new Uri(options.Address.TrimEnd('/') + "/v1/");
        _http = HttpTransport.CreateClient(new TransportOptions { CaFile = options.CaFile, Resilience = options.Resilience }, time);
    }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <exception cref="VaultException">Anything but a successful answer with content.</exception>
    public async Task<T> SendAsync<T>(VaultRequest request, string? token, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var body = await SendAsync(request, token, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(body, type)
                ?? throw new VaultException($"{_options} answered {request} with nothing.", VaultFault.Protocol);
        }
        catch (JsonException exception)
        {
            throw new VaultException(
                $"{_options} answered {request} with something that is not Vault's JSON. Is Vault:Address right?", VaultFault.Protocol, exception);
        }
    }

    /// <summary>Sends a request and returns the body of its successful answer, which may be empty.</summary>
    /// <exception cref="VaultException">Anything but a successful answer.</exception>
    public async Task<byte[]> SendAsync(VaultRequest request, string? token, CancellationToken cancellationToken)
    {
        using var response = await SendUntilSeenAsync(request, token, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode ? body : throw VaultFaults.Of(response, body, request, _options);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request; 412 is repeated, for it means that a node lags behind what this token wrote (Vault, Eventual consistency).</summary>
    private async Task<HttpResponseMessage> SendUntilSeenAsync(VaultRequest request, string? token, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var response = await SendOnceAsync(request, token, cancellationToken);
            if (response.StatusCode != PreconditionFailed || attempt > MaxConsistencyRetries)
            {
                return response;
            }

            response.Dispose();
            await Task.Delay(_options.Resilience.BaseDelay * attempt, _time, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(VaultRequest request, string? token, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, new Uri(_address, request.Path));
        new CallOptions { MaxBodyBytes = MaxAnswerBytes, Repeatable = request.Repeatable }.ApplyTo(message);
        message.Headers.Add("X-Vault-Request", "true");
        AddHeader(message, "X-Vault-Token", token);
        AddHeader(message, "X-Vault-Namespace", _options.Namespace);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(request.ContentType) } };
        }

        try
        {
            return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw VaultFaults.Of(exception, request, _options);
        }
        catch (BodyTooLongException exception)
        {
            throw new VaultException($"{_options} answered {request} with more than {MaxAnswerBytes} bytes. Is Vault:Address right?", VaultFault.Protocol, exception);
        }
        catch (IOException exception)
        {
            throw new VaultException($"{_options} could not be asked {request}: {exception.Message}", VaultFault.Unreachable, exception);
        }
    }

    private static void AddHeader(HttpRequestMessage message, string name, string? value)
    {
        if (value is not null)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
