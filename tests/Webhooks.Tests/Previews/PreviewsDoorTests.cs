using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.Storage;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Webhooks.Tests.Previews;

/// <summary>The real door over HTTP, with file storage and a host key.</summary>
public sealed class PreviewsDoorTests : IAsyncLifetime
{
    private const string Key = "a-key-only-for-this-test";
    private const string Sha = "0123456789abcdef0123456789abcdef01234567";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-previews-door-");
    private readonly HttpClient _http = new();
    private RunningHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IHostStorage Storage => _host.Services.GetRequiredService<IHostStorage>();

    public async ValueTask InitializeAsync()
    {
        var keys = _folder.CreateSubdirectory("keys").FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "host.function.ci"), Key);
        _host = await FunctionHost.StartAsync(
            ["--urls=http://127.0.0.1:0", $"--Storage=sqlite:{Path.Combine(_folder.FullName, "storage")}/ebb.db", $"--FunctionKeys:Directory={keys}"],
            [new WebhooksApp()],
            new HostEnvironment { WorkingDirectory = _folder.FullName, LoggerProvider = NullLoggerProvider.Instance },
            Token);
        _http.BaseAddress = _host.Addresses[0];
        _http.DefaultRequestHeaders.Add("x-functions-key", Key);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Get_Previews_AreThoseOfTheDocumentsWithoutTheRemoved()
    {
        await PutAsync(Preview("shop-pr-7", PreviewState.Ready));
        await PutAsync(Preview("shop-pr-8", PreviewState.Removed));

        (await ListAsync("api/previews")).ShouldBe(["shop-pr-7"]);
        (await ListAsync("api/previews?removed=true")).ShouldBe(["shop-pr-7", "shop-pr-8"]);
    }

    [Fact]
    public async Task Get_OneDocumentIsUnreadable_TheOthersAreShown()
    {
        await PutAsync(Preview("shop-pr-7", PreviewState.Ready));
        await Storage.Documents.PutAsync("previews/aaa-pr-1", """{"name":"aaa-pr-1","state":"hibernating"}""", expectedVersion: null, Token);
        (await ListAsync("api/previews")).ShouldBe(["shop-pr-7"]);
    }

    [Fact]
    public async Task Post_PullRequest_IsQueuedAsItWasChecked()
    {
        using var response = await PostAsync("""{"host":"gitea","repository":{"id":"42","fullName":"acme/shop"},"number":7}""");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await QueuedAsync()).ShouldBe(["""{"action":"create","number":7,"host":"gitea","repository":{"id":"42","fullName":"acme/shop"}}"""]);
    }

    [Fact]
    public async Task Post_ByteOrderMark_IsNoPartOfIt()
    {
        using var response = await PostAsync("\uFEFF" + """{"host":"gitea","repository":{"id":"42","fullName":"acme/shop"},"number":7}""");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("[]", "$")]
    [InlineData("null", "null")]
    [InlineData("{}", "number")]
    [InlineData("""{"host":"gitea","number":7}""", "repository: must be")]
    [InlineData("""{"host":"sourceforge","repository":{"id":"42","fullName":"acme/shop"},"number":7}""", "$.host")]
    [InlineData("""{"host":"gitea","repository":{"id":"42","fullName":"../shop"},"number":7}""", "repository: must be")]
    [InlineData("""{"host":"gitea","repository":{"id":"42","fullName":"acme/shop"},"number":0}""", "number: must be")]
    [InlineData("""{"host":"gitea","repository":{"id":"42","fullName":"acme/shop"},"number":7,"namespace":"kube-system"}""", "namespace")]
    [InlineData("""{"action":"remove","app":"shop","number":7}""", "DELETE")]
    [InlineData("""{"action":"check","app":"shop","number":7}""", "This makes previews")]
    [InlineData("""{"action":"renew","app":"shop","number":7,"expiringBefore":"2099-01-01T00:00:00Z"}""", "This makes previews")]
    public async Task Post_NoRequest_IsRefusedWithTheReason(string body, string reason)
    {
        using var response = await PostAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString()!.ShouldContain(reason);
        (await QueuedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_TooLong_IsRefused()
    {
        using var response = await PostAsync(new string(' ', PreviewRequestReader.MaxLength + 1));
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Delete_Known_IsQueued()
    {
        await PutAsync(Preview("shop-pr-7", PreviewState.Ready));

        using var response = await _http.DeleteAsync(new Uri("api/previews/shop/7", UriKind.Relative), Token);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await QueuedAsync()).ShouldBe(["""{"action":"remove","number":7,"app":"shop"}"""]);
    }

    [Theory]
    [InlineData("api/previews/shop/8", HttpStatusCode.NotFound)]
    [InlineData("api/previews/Shop/7", HttpStatusCode.BadRequest)]
    [InlineData("api/previews/shop/0", HttpStatusCode.BadRequest)]
    [InlineData("api/previews/shop/-7", HttpStatusCode.BadRequest)]
    [InlineData("api/previews/shop/seven", HttpStatusCode.BadRequest)]
    [InlineData("api/previews/shop%2F..%2Fother/7", HttpStatusCode.BadRequest)]
    public async Task Delete_UnknownOrNoName_IsRefused(string path, HttpStatusCode expected)
    {
        using var response = await _http.DeleteAsync(new Uri(path, UriKind.Relative), Token);
        response.StatusCode.ShouldBe(expected);
        (await QueuedAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "api/previews")]
    [InlineData("POST", "api/previews")]
    [InlineData("DELETE", "api/previews/shop/7")]
    public async Task Any_WithoutAKey_IsUnauthorized(string method, string path)
    {
        _http.DefaultRequestHeaders.Clear();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _http.SendAsync(request, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<IReadOnlyList<string?>> ListAsync(string path) =>
        [.. (await _http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), Token)).EnumerateArray().Select(one => one.GetProperty("name").GetString())];

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.PostAsync(new Uri("api/previews", UriKind.Relative), content, Token);
    }

    private async Task<IReadOnlyList<string>> QueuedAsync() =>
        [.. (await Storage.Queues.PeekAsync(Queues.Previews, poisoned: false, 10, Token)).Select(message => message.Body)];

    private async Task PutAsync(Preview preview) => await Storage.Documents.PutAsync(
        Ebb.Contracts.Previews.Preview.KeyPrefix + preview.Name, JsonSerializer.Serialize(preview, ContractsJson.Default.Preview), expectedVersion: null, Token);

    private static Preview Preview(string name, PreviewState state) => new()
    {
        Name = name,
        App = AppName.Parse("shop"),
        Number = 7,
        Server = "gitea",
        Host = GitHostKind.Gitea,
        Repository = new GitRepository { Id = "42", FullName = "acme/shop" },
        Url = new Uri($"https://{name}.preview.example.com"),
        HeadSha = CommitSha.Parse(Sha),
        State = state,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Since = DateTimeOffset.UnixEpoch,
        LastActivityAt = DateTimeOffset.UnixEpoch,
    };
}
