using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ebb.Worker.Json;

namespace Ebb.Worker.Commands;

/// <summary>The HTTP API of a running host.</summary>
internal sealed class RemoteHost : IDisposable
{
    private const long MaxAnswerBytes = 256 * 1024 * 1024;

    private readonly HttpClient _client;

    public RemoteHost(Uri address, string? key)
    {
        _client = new HttpClient { BaseAddress = address, MaxResponseContentBufferSize = MaxAnswerBytes, Timeout = TimeSpan.FromSeconds(60) };
        if (!string.IsNullOrEmpty(key))
        {
            _client.DefaultRequestHeaders.Add("x-functions-key", key);
        }
    }

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> json, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, json, cancellationToken);

    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> json, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, json, cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _client.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize(body, json) ?? throw new JsonException("the answer is null.")
                : throw new RemoteHostException($"{_client.BaseAddress} answered {(int)response.StatusCode}: {DetailOf(body)}");
        }
        catch (HttpRequestException e)
        {
            throw new RemoteHostException($"{_client.BaseAddress} cannot be asked: {e.Message} Is a host running there?", e);
        }
        catch (TaskCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RemoteHostException($"{_client.BaseAddress} did not answer within {_client.Timeout}.", e);
        }
        catch (JsonException e)
        {
            throw new RemoteHostException($"{_client.BaseAddress} answered something else than expected: {e.Message} Is it this host?", e);
        }
    }

    private static string DetailOf(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, WorkerJson.Default.Problem)?.Detail ?? "it did not say why.";
        }
        catch (JsonException)
        {
            return "it did not say why.";
        }
    }
}
