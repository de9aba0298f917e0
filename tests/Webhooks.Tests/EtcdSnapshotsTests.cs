using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.Storage;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Webhooks.Tests;

/// <summary>The door of snapshots over HTTP, with file storage and a function key.</summary>
public sealed class EtcdSnapshotsTests : IAsyncLifetime
{
    private const string Key = "a-key-only-for-this-test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-door-");
    private readonly HttpClient _http = new();
    private RunningHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IHostStorage Storage => _host.Services.GetRequiredService<IHostStorage>();

    public async ValueTask InitializeAsync()
    {
        var keys = _folder.CreateSubdirectory("keys").FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "host.function.ci"), Key, Token);
        _host = await FunctionHost.StartAsync(
            ["--urls=http://127.0.0.1:0", $"--Storage=sqlite:{Path.Combine(_folder.FullName, "storage")}/ebb.db", $"--FunctionKeys:Directory={keys}"],
            [new WebhooksApp()],
            new HostEnvironment { WorkingDirectory = _folder.FullName, Output = TextWriter.Null, Error = TextWriter.Null },
            Token);
        _http.BaseAddress = _host.Addresses[0];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    [InlineData("""{"prune":false}""", false)]
    [InlineData("""{"prune":true}""", true)]
    public async Task Post_Request_IsQueuedInSequence(string body, bool? prune)
    {
        using var response = await SendAsync(HttpMethod.Post, body);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var queued = (await Storage.Queues.PeekAsync(Queues.EtcdSnapshots, poisoned: false, 10, Token)).ShouldHaveSingleItem();
        JsonSerializer.Deserialize(queued.Body, ContractsJson.Default.SnapshotRequest)!.Prune.ShouldBe(prune);
        (await Storage.Runs.GetAsync(queued.RunId, Token))!.SequenceKey.ShouldBe("snapshot");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"store":"s3://elsewhere"}""")]
    [InlineData("""{"prune":"yes"}""")]
    public async Task Post_NoRequest_IsRefused(string body)
    {
        using var response = await SendAsync(HttpMethod.Post, body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Storage.Queues.PeekAsync(Queues.EtcdSnapshots, poisoned: false, 10, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_TooLong_IsRefused()
    {
        using var response = await SendAsync(HttpMethod.Post, new string(' ', 5000));

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Get_NothingStored_IsAnEmptyList()
    {
        using var response = await SendAsync(HttpMethod.Get, null);

        (await response.Content.ReadAsStringAsync(Token)).ShouldBe("[]");
    }

    [Fact]
    public async Task Get_AfterTheWorkerLooked_IsWhatItSaw()
    {
        var document = new SnapshotsDocument
        {
            Cluster = "prod",
            Store = "s3://backups",
            UpdatedAt = DateTimeOffset.UnixEpoch,
            Snapshots = [new SnapshotEntry { Name = "prod-2026-01-31T02:00:00Z.snap.age", Time = DateTimeOffset.UnixEpoch, State = "verified", ObjectBytes = 5, Encrypted = true }],
        };
        await Storage.Documents.PutAsync(SnapshotsDocument.KeyPrefix + "prod", JsonSerializer.Serialize(document, ContractsJson.Default.SnapshotsDocument), null, Token);

        using var response = await SendAsync(HttpMethod.Get, null);

        var clusters = await response.Content.ReadFromJsonAsync<JsonElement>(Token);
        clusters[0].GetProperty("cluster").GetString().ShouldBe("prod");
        clusters[0].GetProperty("snapshots")[0].GetProperty("state").GetString().ShouldBe("verified");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Any_WithoutTheKey_IsUnauthorized(string method)
    {
        using var response = await SendAsync(new HttpMethod(method), null, "wrong");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? body, string key = Key)
    {
        using var request = new HttpRequestMessage(method, "/api/etcd/snapshots");
        request.Headers.Add("x-functions-key", key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.SendAsync(request, Token);
    }
}
