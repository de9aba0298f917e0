using System.Net;
using Ebb.Http.Proxies;

namespace Ebb.Http.Tests.Proxies;

/// <summary>The tables are those of golang.org/x/net/http/httpproxy, whose rules hold here.</summary>
public sealed class ProxyRuleTests
{
    private const string NoProxy =
        "foobar.com, .barbaz.net, *.wildcard.io, 192.168.1.1, 192.168.1.2:81, 192.168.1.3:80, 10.0.0.0/30, 2001:db8::52:0:1, "
        + "[2001:db8::52:0:2]:443, [2001:db8::52:0:3]:80, 2002:db8:a::45/64";

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.0.0.2", false)]
    [InlineData("[::1]", false)]
    [InlineData("[::ffff:127.0.0.1]", false)]
    [InlineData("[::2]", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("[::ffff:192.168.1.1]", false)]
    [InlineData("192.168.1.2", true)]
    [InlineData("192.168.1.3", false)]
    [InlineData("192.168.1.4", true)]
    [InlineData("10.0.0.2", false)]
    [InlineData("10.0.0.4", true)]
    [InlineData("[2001:db8::52:0:1]", false)]
    [InlineData("[2001:db8::52:0:2]", true)]
    [InlineData("[2001:db8::52:0:3]", false)]
    [InlineData("[2002:db8:a::123]", false)]
    [InlineData("[2002:db8:b::123]", true)]
    [InlineData("[fe80::424b:c8be:1643:a1b6]", true)]
    [InlineData("barbaz.net", true)]
    [InlineData("www.barbaz.net", false)]
    [InlineData("foobar.com", false)]
    [InlineData("FooBar.com", false)]
    [InlineData("foobar.com.", false)]
    [InlineData("www.foobar.com", false)]
    [InlineData("foofoobar.com", true)]
    [InlineData("baz.com", true)]
    [InlineData("localhost.net", true)]
    [InlineData("local.localhost", true)]
    [InlineData("barbarbaz.net", true)]
    [InlineData("wildcard.io", true)]
    [InlineData("nested.wildcard.io", false)]
    [InlineData("awildcard.io", true)]
    public void GetProxy_Host_AsGoDecides(string host, bool proxied)
    {
        var rule = Rule(("HTTP_PROXY", "proxy.test:3128"), ("NO_PROXY", NoProxy));

        rule.IsBypassed(new Uri($"http://{host}")).ShouldBe(!proxied);
        Rule(("HTTP_PROXY", "proxy.test:3128"), ("NO_PROXY", "example.com, *")).IsBypassed(new Uri($"http://{host}")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("127.0.0.1:8080", "http://example.com", "http://127.0.0.1:8080/")]
    [InlineData("cache.corp.example.com:1234", "http://example.com", "http://cache.corp.example.com:1234/")]
    [InlineData("cache.corp.example.com", "http://example.com", "http://cache.corp.example.com/")]
    [InlineData("localhost", "http://example.com", "http://localhost/")]
    [InlineData("https://cache.corp.example.com", "http://example.com", "https://cache.corp.example.com/")]
    [InlineData("socks5://127.0.0.1", "http://example.com", "socks5://127.0.0.1:1080/")]
    [InlineData("socks5h://127.0.0.1:9", "http://example.com", "socks5://127.0.0.1:9/")]
    [InlineData("proxy", "https://example.com", null)]
    [InlineData("proxy", "ftp://example.com", null)]
    public void GetProxy_HttpProxy_IsForHttpOnly(string proxy, string destination, string? expected) =>
        Rule(("HTTP_PROXY", proxy)).GetProxy(new Uri(destination))?.ToString().ShouldBe(expected);

    [Theory]
    [InlineData("http://insecure.test/", "http://http.proxy.test/")]
    [InlineData("https://secure.test/", "http://secure.proxy.test/")]
    public void GetProxy_Both_EachForItsScheme(string destination, string expected) =>
        Rule(("HTTP_PROXY", "http.proxy.test"), ("HTTPS_PROXY", "secure.proxy.test"), ("ALL_PROXY", "other.test"))
            .GetProxy(new Uri(destination))!.ToString().ShouldBe(expected);

    [Theory]
    [InlineData("example.com", "http://example.com/", false)]
    [InlineData(".example.com", "http://example.com/", true)]
    [InlineData("ample.com", "http://example.com/", true)]
    [InlineData("example.com", "http://foo.example.com/", false)]
    [InlineData("example.com:8200", "http://vault.example.com:8200/", false)]
    [InlineData("example.com:8200", "http://vault.example.com/", true)]
    [InlineData("xn--fsq092h.com", "http://www.示例.com", false)]
    [InlineData("示例.com", "http://www.xn--fsq092h.com", false)]
    [InlineData(".示例.com", "http://www.示例.com", false)]
    [InlineData(".svc .cluster.local\n10.96.0.0/12", "https://kubernetes.default.svc", false)]
    [InlineData(".svc .cluster.local\n10.96.0.0/12", "https://10.96.0.1:443", false)]
    [InlineData("fd00::/8", "https://[fd12::1]:6443", false)]
    [InlineData("fd00::/8", "https://[fe00::1]:6443", true)]
    [InlineData("10.0.0.0/8", "https://10.255.255.1", false)]
    [InlineData("10.0.0.0/8", "https://11.0.0.1", true)]
    [InlineData("0.0.0.0/0", "https://8.8.8.8", false)]
    [InlineData("10.0.0.0/33,:1,[,],/8,:,.,*.,a..b", "https://10.1.1.1", true)]
    public void IsBypassed_NoProxy_AsItIsWritten(string noProxy, string destination, bool proxied)
    {
        Rule(("HTTP_PROXY", "proxy"), ("HTTPS_PROXY", "proxy"), ("NO_PROXY", noProxy)).IsBypassed(new Uri(destination)).ShouldBe(!proxied);
        Rule(("all_proxy", "proxy"), ("no_proxy", noProxy)).IsBypassed(new Uri(destination)).ShouldBe(!proxied);
    }

    [Fact]
    public void Read_BothCases_UpperComesFirstAndEmptyIsUnset()
    {
        Rule(("HTTPS_PROXY", "upper.test"), ("https_proxy", "lower.test")).GetProxy(new Uri("https://a.test"))!.Host.ShouldBe("upper.test");
        Rule(("HTTPS_PROXY", " "), ("https_proxy", "lower.test")).GetProxy(new Uri("https://a.test"))!.Host.ShouldBe("lower.test");
        Rule(("HTTPS_PROXY", "")).GetProxy(new Uri("https://a.test")).ShouldBeNull();
    }

    [Fact]
    public void Credentials_OfTheAddress_GoToThatProxyOnly()
    {
        var rule = Rule(("HTTPS_PROXY", "http://ebb:p%40ss@secure.test:3128"), ("HTTP_PROXY", "other.test:3128"));

        rule.GetProxy(new Uri("https://a.test"))!.ToString().ShouldBe("http://secure.test:3128/");
        rule.Credentials!.GetCredential(new Uri("http://secure.test:3128"), "Basic").ShouldBeOfType<NetworkCredential>().Password.ShouldBe("p@ss");
        rule.Credentials.GetCredential(new Uri("http://other.test:3128"), "Basic").ShouldBeNull();
    }

    [Theory]
    [InlineData("ftp://ebb:hunter2@proxy.test")]
    [InlineData("http://")]
    [InlineData("http://ebb:hunter2@:99999999")]
    public void GetProxy_NoUrlOfAProxy_SaysSoWithoutTheValue(string value)
    {
        var e = Should.Throw<ProxyException>(() => Rule(("https_proxy", value)).GetProxy(new Uri("https://a.test")));

        e.Message.ShouldStartWith("HTTPS_PROXY is no proxy's URL");
        e.Message.ShouldNotContain("hunter2");
    }

    private static ProxyRule Rule(params (string Name, string Value)[] variables) =>
        ProxyRule.Read(name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());
}
