using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Storage;
using Ebb.TestServers.Logs;
using Ebb.Worker.Hosting;
using Ebb.Worker.SampleApp;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Tests.Hosting;

/// <summary>The sample app on real Kestrel over real file storage.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    public const string MasterKey = "the-master-key";
    public const string HostKey = "the-host-key";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory;
    private readonly bool _ownsDirectory;

    private SampleHost(TemporaryDirectory directory, bool ownsDirectory, RunningHost host)
    {
        (_directory, _ownsDirectory, Host) = (directory, ownsDirectory, host);
        Client = new HttpClient { BaseAddress = host.Addresses[0], Timeout = TimeSpan.FromSeconds(60) };
    }

    public RunningHost Host { get; }

    public HttpClient Client { get; }

    public CollectedLogs Logs { get; private init; } = null!;

    public IHostStorage Storage => Host.Services.GetRequiredService<IHostStorage>();

    public string KeyDirectory => _directory.File("keys");

    public static async Task<SampleHost> StartAsync(string? hostJson = null, TemporaryDirectory? directory = null, params string[] settings)
    {
        var own = directory is null;
        directory ??= new TemporaryDirectory();
        Directory.CreateDirectory(directory.File("keys"));
        await File.WriteAllTextAsync(directory.File("keys/host.master"), MasterKey);
        await File.WriteAllTextAsync(directory.File("keys/host.function.ci"), $"{HostKey}\n");
        await File.WriteAllTextAsync(directory.File("host.json"), hostJson ?? """{ "version": "2.0" }""");
        var logs = new CollectedLogs();
        var host = await FunctionHost.StartAsync(
            [$"--Storage=sqlite:{directory.File("store")}/ebb.db", $"--FunctionKeys:Directory={directory.File("keys")}", "--urls=http://127.0.0.1:0", .. settings],
            [new SampleFunctionApp()],
            new HostEnvironment { WorkingDirectory = directory.Path, LoggerProvider = logs },
            CancellationToken.None);
        return new SampleHost(directory, own, host) { Logs = logs };
    }

    public string StepsFile() => _directory.File($"steps-{Guid.NewGuid():N}");

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = HostKey, string? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? key = HostKey) => SendAsync(HttpMethod.Get, path, key);

    public Task<HttpResponseMessage> PostAsync(string path, string? body = null, string? key = HostKey, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, key, body, headers);

    public async Task<JsonNode> GetJsonAsync(string path, string? key = HostKey)
    {
        using var response = await GetAsync(path, key);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Accepts work over HTTP.</summary>
    public async Task<RunId> EnqueueAsync(WorkRequest request)
    {
        using var response = await PostAsync("api/work", JsonSerializer.Serialize(request, SampleJson.Default.WorkRequest));
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return RunId.Parse((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!);
    }

    public async Task<Run> EndOfAsync(RunId id)
    {
        var run = (await Storage.Runs.WaitAsync(id, Patience, CancellationToken.None)).ShouldNotBeNull();
        run.IsFinal.ShouldBeTrue($"run {id} is still {run.State}: {run.Error?.Message}");
        return run;
    }

    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            limit.IsCancellationRequested.ShouldBeFalse($"not within {Patience}: {what}");
            await Task.Delay(10);
        }
    }

    public static Task StepsAsync(string file, string step, int count = 1) => EventuallyAsync(
        () => Task.FromResult(File.Exists(file) && File.ReadAllLines(file).Count(line => line.StartsWith(step, StringComparison.Ordinal)) >= count),
        $"{count} × {step} in {file}");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        if (_ownsDirectory)
        {
            _directory.Dispose();
        }
    }
}
