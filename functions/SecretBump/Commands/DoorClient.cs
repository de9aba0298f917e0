using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Contracts;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Stores;
using Ebb.Settings;

namespace Ebb.SecretBump.Commands;

/// <summary>The door of a running host, asked as a pipeline asks it.</summary>
internal sealed class DoorClient : IDisposable
{
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    // The door waits 230 seconds at most.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(260);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient _http;

    private DoorClient(HttpClient http) => _http = http;

    public static DoorClient Open(string url, string? keyFile)
    {
        var http = new HttpClient { BaseAddress = new Uri(url), Timeout = Longest, MaxResponseContentBufferSize = MaxAnswerBytes };
        if (keyFile is not null)
        {
            http.DefaultRequestHeaders.Add("x-functions-key", SecretFile.ReadLine(keyFile, "--key-file", (message, cause) => new SecretStoreException(message, SecretStoreFault.LoginFailed, cause)));
        }

        return new DoorClient(http);
    }

    public Task<(bool Succeeded, string Body)> PostAsync(string change, SecretChange body, string wait, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToNode(body, ContractsJson.Default.SecretChange)!.AsObject();
        // The path says which change it is.
        json.Remove("change");
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(json, ContractsJson.Default.JsonObject));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(HttpMethod.Post, $"api/secrets/{change}?wait={Uri.EscapeDataString(wait)}", content, cancellationToken);
    }

    public Task<(bool Succeeded, string Body)> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public void Dispose() => _http.Dispose();

    // 202: it is not over yet, which is no success.
    private async Task<(bool Succeeded, string Body)> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await _http.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        return (answer.StatusCode == HttpStatusCode.OK, Shown(answer.StatusCode, body));
    }

    private static string Shown(HttpStatusCode status, string body)
    {
        try
        {
            return JsonNode.Parse(body)?.ToJsonString(Indented) ?? $"{(int)status}";
        }
        catch (JsonException)
        {
            return $"{(int)status}: {body}";
        }
    }
}
