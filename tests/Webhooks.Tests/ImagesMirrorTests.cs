using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ebb.Contracts;
using Ebb.Storage;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.Webhooks.Tests;

/// <summary>The real door over HTTP, with file storage and a function key.</summary>
public sealed class ImagesMirrorTests : IAsyncLifetime
{
    private const string Key = "a-key-only-for-this-test";
    private const string MasterKey = "a-master-key-only-for-this-test";
    private const string ShopKey = "a-limited-key-only-for-this-test";
    private const string AllKey = "a-widely-limited-key-only-for-this-test";
    private const string AdhocKey = "an-adhoc-key-only-for-this-test";
    private const string Adhoc = """{"adhoc":[{"source":"quay.io/team/tool","tags":["1.2"]}]}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-door-");
    private readonly HttpClient _http = new();
    private RunningHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var keys = _folder.CreateSubdirectory("keys").FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "functions.imagesmirror.ci"), Key);
        await File.WriteAllTextAsync(Path.Combine(keys, "host.master"), MasterKey);
        await File.WriteAllTextAsync(Path.Combine(keys, "host.function.shop"), ShopKey);
        await File.WriteAllTextAsync(Path.Combine(keys, "host.function.all"), AllKey);
        await File.WriteAllTextAsync(Path.Combine(keys, "functions.imagesmirror.lab"), AdhocKey);
        await File.WriteAllTextAsync(
            Path.Combine(keys, "scopes.json"), """{"host.function.shop":["shop"],"host.function.all":["*"],"functions.imagesmirror.lab":["images:adhoc"]}""");
        _host = await FunctionHost.StartAsync(
            ["--urls=http://127.0.0.1:0", $"--Storage=sqlite:{Path.Combine(_folder.FullName, "storage")}/ebb.db", $"--FunctionKeys:Directory={keys}"],
            [new WebhooksApp()],
            new HostEnvironment { WorkingDirectory = _folder.FullName, LoggerProvider = new Silence() },
            Token);
        _http.BaseAddress = _host.Addresses[0];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Post_EmptyBody_IsAcceptedForTheConfiguredList()
    {
        using var response = await PostAsync("");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString();
        response.Headers.Location!.ToString().ShouldEndWith($"/api/runs/{id}");
        (await QueuedAsync()).ShouldBe(["{\"dryRun\":false}"]);
    }

    [Theory]
    [InlineData("""{"images":[{"source":"docker.io/evil/x","name":"alpine","tags":["3.20"]}]}""")]
    [InlineData("""{"images":[{"source":"docker.io/evil/x","name":"alpine","regex":".*"}]}""")]
    [InlineData("""{"images":[{"name":"alpine","tags":["3.20"],"platforms":["linux/amd64"]}]}""")]
    public async Task Post_AnImageOfTheCallers_IsUnprocessableAndNothingIsQueued(string body)
    {
        using var response = await PostAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString()!.ShouldContain("approved in the list");
        (await QueuedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_Images_QueuesWhatWasChecked()
    {
        using var response = await PostAsync("""{"images":[{"name":"alpine","tags":["3.21"]}],"dryRun":true}""");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var request = JsonSerializer.Deserialize((await QueuedAsync()).ShouldHaveSingleItem(), ContractsJson.Default.MirrorRequest);
        request!.DryRun.ShouldBeTrue();
        request.Images!.ShouldHaveSingleItem().Tags.ShouldBe(["3.21"]);
    }

    [Theory]
    [InlineData(Key)]
    [InlineData(MasterKey)]
    [InlineData(ShopKey)]
    [InlineData(AllKey)]
    public async Task Post_AdhocWithAKeyThatIsNotGivenIt_IsForbidden(string key)
    {
        using var response = await PostAsync(new StringContent(Adhoc), key);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString()!.ShouldContain("'images:adhoc'");
        (await QueuedAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Adhoc)]
    [InlineData("")]
    public async Task Post_WithTheKeyForAdhoc_IsAccepted(string body)
    {
        using var response = await PostAsync(new StringContent(body), AdhocKey);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await QueuedAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(ShopKey)]
    [InlineData(AllKey)]
    public async Task Post_WithAKeyLimitedToOtherThings_IsForbidden(string key)
    {
        using var response = await PostAsync(new StringContent(""), key);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await QueuedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_Mistakes_AreAllNamedAndNothingIsQueued()
    {
        using var response = await PostAsync("""{"images":[{"source":"../../x","tags":["-"]},{"nme":"UPPER/case"}],"target":"evil.example.com/x"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var detail = (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString()!;
        detail.Split('\n').Select(line => line.Split(": ")[0]).ShouldBe(
            ["target", "images[0].source", "images[0].tags[0]", "images[0]", "images[1].nme", "images[1]"]);
        (await QueuedAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{\"images\":[", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.UnprocessableEntity)]
    [InlineData("\"x\"", HttpStatusCode.UnprocessableEntity)]
    public async Task Post_NoRequest_IsRefused(string body, HttpStatusCode expected)
    {
        using var response = await PostAsync(body);

        response.StatusCode.ShouldBe(expected);
        (await QueuedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_NotText_IsRefused()
    {
        using var response = await PostAsync(new ByteArrayContent([0xff, 0xfe]));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_TooLong_IsRefused(bool stated)
    {
        var body = new byte[(1024 * 1024) + 1];
        Array.Fill(body, (byte)' ');
        using HttpContent content = stated ? new ByteArrayContent(body) : new StreamContent(new Unstated(body));

        using var response = await PostAsync(content);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await QueuedAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Post_WithoutTheKey_IsUnauthorized(string? key)
    {
        using var response = await PostAsync(new StringContent(""), key);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await QueuedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_SameIdempotencyKeyTwice_IsOneRun()
    {
        _http.DefaultRequestHeaders.Add("Idempotency-Key", "pipeline-7");
        using var first = await PostAsync("");
        using var second = await PostAsync("");

        (await second.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()
            .ShouldBe((await first.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString());
        (await QueuedAsync()).Count.ShouldBe(1);
    }

    private Task<HttpResponseMessage> PostAsync(string body) => PostAsync(new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task<HttpResponseMessage> PostAsync(HttpContent content, string? key = Key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/images/mirror") { Content = content };
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        return await _http.SendAsync(request, Token);
    }

    private async Task<IReadOnlyList<string>> QueuedAsync()
    {
        var storage = _host.Services.GetRequiredService<IHostStorage>();
        return [.. (await storage.Queues.PeekAsync(Queues.ImageMirror, poisoned: false, 10, Token)).Select(message => message.Body)];
    }

    private sealed class Silence : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void Dispose()
        {
        }
    }

    /// <summary>A stream that does not know its length, so that it is sent in chunks.</summary>
    private sealed class Unstated(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
