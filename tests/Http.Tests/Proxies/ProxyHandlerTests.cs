using System.Net;
using System.Net.Sockets;
using Ebb.Http.Proxies;
using Ebb.TestServers.Network;
using Microsoft.AspNetCore.Http;

namespace Ebb.Http.Tests.Proxies;

public sealed class ProxyHandlerTests : IAsyncDisposable
{
    private readonly ForwardProxy _proxy = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    [Fact]
    public async Task Address_InARangeOfNoProxy_IsReachedDirectly()
    {
        var own = Own();
        await using var server = await TestServer.StartAsync((context, _) => context.Response.WriteAsync("the server"), address: own);

        (await GetAsync(server.Uri, ("HTTP_PROXY", _proxy.Authority), ("NO_PROXY", $"198.51.100.0/24,{own}/16"))).ShouldBe("the server");
        _proxy.Requests.ShouldBeEmpty();

        _proxy.Refusal = 403;
        await Should.ThrowAsync<ProxyException>(() => GetAsync(server.Uri, ("HTTP_PROXY", _proxy.Authority), ("NO_PROXY", "198.51.100.0/24")));
        _proxy.Requests.ShouldBe([$"GET {server.Uri}"]);
    }

    [Fact]
    public async Task Host_NotInNoProxy_ThroughTheProxyWithItsLogin()
    {
        await using var server = await StartAsync();
        (_proxy.PortOf, _proxy.Login) = (_ => server.Uri.Port, "ebb:p@ss");

        (await GetAsync(new Uri("http://vault.test/v1"), ("http_proxy", $"http://ebb:p%40ss@{_proxy.Authority}"))).ShouldBe("the server");

        _proxy.Requests[^1].ShouldBe("GET http://vault.test/v1");
        _proxy.Heads[0].ShouldNotContain("Proxy-Authorization");
    }

    [Theory]
    [InlineData("https://vault.test:8200/v1", 403)]
    [InlineData("https://vault.test:8200/v1", 502)]
    [InlineData("http://vault.test:8200/v1", 403)]
    [InlineData("http://vault.test:8200/v1", 504)]
    public async Task Refusal_OfTheProxy_IsToldAsTheProxys(string url, int status)
    {
        _proxy.Refusal = status;

        var e = await Should.ThrowAsync<ProxyException>(() => GetAsync(new Uri(url), ("ALL_PROXY", $"http://ebb:hunter2@{_proxy.Authority}")));

        e.Message.ShouldBe($"the proxy {_proxy.Authority} (ALL_PROXY) does not lead to vault.test:8200: it answered {status}. Allow it there, or list vault.test in NO_PROXY where it is to be reached directly.");
        e.StatusCode.ShouldBe((HttpStatusCode)status);
        e.ToString().ShouldNotContain("hunter2");
        _proxy.Requests.Count.ShouldBe(status == 403 ? 1 : 2, "what the proxy forbids it forbids the second time too");
    }

    [Theory]
    [InlineData("https://vault.test:8200/v1")]
    [InlineData("http://vault.test:8200/v1")]
    public async Task Login_TheProxyDoesNotAccept_IsToldWithTheVariable(string url)
    {
        _proxy.Login = "ebb:other";

        var e = await Should.ThrowAsync<ProxyException>(() => GetAsync(new Uri(url), ("ALL_PROXY", $"http://ebb:hunter2@{_proxy.Authority}")));

        e.Message.ShouldStartWith($"the proxy {_proxy.Authority} (ALL_PROXY) wants a login for vault.test:8200 (407). Put the user and password it accepts into ALL_PROXY, or list vault.test in NO_PROXY");
        e.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Proxy_ThatIsNotThere_IsNamed()
    {
        var authority = _proxy.Authority;
        await _proxy.DisposeAsync();

        var e = await Should.ThrowAsync<ProxyException>(() => GetAsync(new Uri("https://vault.test:8200"), ("HTTPS_PROXY", authority)));

        e.Message.ShouldStartWith($"the proxy {authority} (HTTPS_PROXY), which leads to vault.test:8200, cannot be reached: ");
        e.Message.ShouldContain("list vault.test in NO_PROXY");
    }

    [Fact]
    public async Task Variable_ThatIsNoUrl_IsToldAndNothingGoesDirectly()
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Response.WriteAsync("the server"), address: Own());

        var e = await Should.ThrowAsync<ProxyException>(() => GetAsync(server.Uri, ("HTTP_PROXY", "ftp://proxy.test")));

        e.Message.ShouldStartWith("HTTP_PROXY is no proxy's URL");
        server.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(403, "application/json")]
    [InlineData(404, "text/plain")]
    [InlineData(200, "text/html")]
    public async Task Answer_OfTheServerThroughTheProxy_StaysTheServers(int status, string type)
    {
        await using var server = await TestServer.StartAsync((context, _) =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, type);
            return context.Response.WriteAsync("the server");
        });
        _proxy.PortOf = _ => server.Uri.Port;

        (await GetAsync(new Uri("http://vault.test/v1"), ("HTTP_PROXY", _proxy.Authority))).ShouldBe("the server");
    }

    [Fact]
    public async Task Proxy_ThatSaysNothing_IsToldAsTheProxys()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var e = await Should.ThrowAsync<ProxyException>(() => GetAsync(new Uri("https://vault.test"), TimeSpan.FromSeconds(1), ("HTTPS_PROXY", $"http://{silent.LocalEndpoint}")));

        e.Message.ShouldContain($"{silent.LocalEndpoint} (HTTPS_PROXY), which leads to vault.test, cannot be reached: ");
        e.Message.ShouldContain("opened no connection within 1 s");
        Transient.Is(e).ShouldBeTrue();
    }

    [Fact]
    public async Task Certificate_OfAServerBehindTheProxy_IsToldAsTheServers()
    {
        await using var server = await StartAsync();
        _proxy.PortOf = _ => server.Uri.Port;

        var e = await Should.ThrowAsync<HttpRequestException>(() => GetAsync(new Uri("https://vault.test"), ("HTTPS_PROXY", _proxy.Authority)));

        e.HttpRequestError.ShouldBe(HttpRequestError.SecureConnectionError);
        e.ShouldNotBeOfType<ProxyException>();
    }

    private static IPAddress Own()
    {
        var own = OwnAddress.Find();
        Assert.SkipWhen(own is null, OwnAddress.Missing);
        return own!;
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync((context, _) => context.Response.WriteAsync("the server"));

    private static Task<string> GetAsync(Uri uri, params (string Name, string Value)[] variables) => GetAsync(uri, TimeSpan.FromMinutes(1), variables);

    private static async Task<string> GetAsync(Uri uri, TimeSpan connectTimeout, params (string Name, string Value)[] variables)
    {
        var options = new TransportOptions
        {
            Proxy = ProxyRule.Read(name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault()),
            Resilience = new ResilienceOptions { MaxRetries = 1, BaseDelay = TimeSpan.FromMilliseconds(5) },
            ConnectTimeout = connectTimeout,
        };
        using var client = HttpTransport.CreateClient(options, TimeProvider.System);
        using var request = new CallOptions { MaxBodyBytes = 1024 }.ApplyTo(new HttpRequestMessage(HttpMethod.Get, uri));
        using var response = await client.SendAsync(request, Token);
        return await response.Content.ReadAsStringAsync(Token);
    }
}
