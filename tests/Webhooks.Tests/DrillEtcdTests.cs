using System.Net;
using System.Text;
using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.Storage;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Webhooks.Tests;

/// <summary>The door of drills over HTTP, with file storage and a function key.</summary>
public sealed class DrillEtcdTests : IAsyncLifetime
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
    [InlineData("""{"name":"prod-2026-01-31T02:00:00+01:00.snap.zst.age"}""", "prod-2026-01-31T02:00:00+01:00.snap.zst.age")]
    public async Task Post_Request_IsQueuedInSequence(string body, string? name)
    {
        using var response = await SendAsync(HttpMethod.Post, body);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var queued = (await QueuedAsync()).ShouldHaveSingleItem();
        JsonSerializer.Deserialize(queued.Body, ContractsJson.Default.DrillRequest)!.Name.ShouldBe(name);
        (await Storage.Runs.GetAsync(queued.RunId, Token))!.SequenceKey.ShouldBe("drill");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"nam":"x"}""")]
    [InlineData("""{"isPlausible":true}""")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"../../etc/passwd"}""")]
    [InlineData("""{"name":"a\nb"}""")]
    public async Task Post_SomethingElse_IsRefused(string body)
    {
        using var response = await SendAsync(HttpMethod.Post, body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await QueuedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_TooLong_IsRefused()
    {
        using var response = await SendAsync(HttpMethod.Post, new string(' ', 5000));

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task PostAndGet_WithoutTheKey_AreUnauthorized()
    {
        using var post = await SendAsync(HttpMethod.Post, "", key: null);
        using var get = await SendAsync(HttpMethod.Get, null, key: null);

        (post.StatusCode, get.StatusCode).ShouldBe((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Get_ShowsWhatTheWorkerRemembers()
    {
        using var before = await SendAsync(HttpMethod.Get, null);
        (await before.Content.ReadAsStringAsync(Token)).ShouldBe("[]");
        await Storage.Documents.PutAsync(DrillsDocument.KeyPrefix + "prod", """{"cluster":"prod","drills":[]}""", null, Token);
        await Storage.Documents.PutAsync(DrillsDocument.KeyPrefix + "test", """{"cluster":"test","drills":[]}""", null, Token);

        using var response = await SendAsync(HttpMethod.Get, null);

        (await response.Content.ReadAsStringAsync(Token)).ShouldBe("""[{"cluster":"prod","drills":[]},{"cluster":"test","drills":[]}]""");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Get_DrillThatOpenedNothing_ShowsThatAsItsOutcome()
    {
        var drill = new DrillReport
        {
            Cluster = "prod",
            Name = "prod-2026-01-31T02:00:00Z.snap.age",
            Store = "s3://backups",
            Time = DateTimeOffset.UnixEpoch,
            Started = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.FromSeconds(1),
            Outcome = DrillOutcome.Unopened,
            Checks = [new DrillCheck("database", DrillResult.Skipped, "it is encrypted")],
            ObjectBytes = 1,
        };
        var document = JsonSerializer.Serialize(new DrillsDocument { Cluster = "prod", Drills = [drill] }, ContractsJson.Default.DrillsDocument);
        await Storage.Documents.PutAsync(DrillsDocument.KeyPrefix + "prod", document, null, Token);

        using var response = await SendAsync(HttpMethod.Get, null);

        using var shown = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        shown.RootElement[0].GetProperty("drills")[0].GetProperty("outcome").GetString().ShouldBe("unopened");
    }

    private ValueTask<IReadOnlyList<PeekedMessage>> QueuedAsync() => Storage.Queues.PeekAsync(Queues.EtcdDrills, poisoned: false, 10, Token);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? body, string? key = Key)
    {
        using var request = new HttpRequestMessage(method, "/api/etcd/drills");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        return await _http.SendAsync(request, Token);
    }
}
