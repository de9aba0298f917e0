using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ebb.Storage;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.Webhooks.Tests.Secrets;

/// <summary>The real door over HTTP, with file storage, a host key and a key for one application.</summary>
internal sealed class SecretsDoor : IAsyncDisposable
{
    public const string HostKey = "host-key-only-for-this-test";
    public const string ShopKey = "shop-key-only-for-this-test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-secrets-door-");
    private readonly HttpClient _http = new();
    private RunningHost _host = null!;

    public IHostStorage Storage => _host.Services.GetRequiredService<IHostStorage>();

    public string StorageFolder => Path.Combine(_folder.FullName, "storage");

    public static async Task<SecretsDoor> OpenAsync(params string[] settings)
    {
        var door = new SecretsDoor();
        var keys = door._folder.CreateSubdirectory("keys").FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "host.function.ci"), HostKey);
        await File.WriteAllTextAsync(Path.Combine(keys, "host.function.ci-shop"), ShopKey);
        await File.WriteAllTextAsync(Path.Combine(keys, "scopes.json"), """{"host.function.ci-shop":["shop"]}""");
        door._host = await FunctionHost.StartAsync(
            ["--urls=http://127.0.0.1:0", $"--Storage=sqlite:{door.StorageFolder}/ebb.db", $"--FunctionKeys:Directory={keys}", .. settings],
            [new WebhooksApp()],
            new HostEnvironment { WorkingDirectory = door._folder.FullName, LoggerProvider = new Silence() },
            TestContext.Current.CancellationToken);
        door._http.BaseAddress = door._host.Addresses[0];
        return door;
    }

    public Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, string body, string? key = HostKey) =>
        SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"), key);

    public Task<(HttpStatusCode Status, JsonNode Body)> GetAsync(string path, string? key = HostKey) => SendAsync(HttpMethod.Get, path, null, key);

    public async Task<IReadOnlyList<string>> QueuedAsync(string queue) =>
        [.. (await Storage.Queues.PeekAsync(queue, poisoned: false, 10, TestContext.Current.CancellationToken)).Select(message => message.Body)];

    public Task StopAsync() => _host.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(HttpMethod method, string path, HttpContent? content, string? key)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    private sealed class Silence : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void Dispose()
        {
        }
    }
}
