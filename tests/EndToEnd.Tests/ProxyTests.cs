using Ebb.EndToEnd.Tests.Processes;
using Ebb.TestServers.Network;

namespace Ebb.EndToEnd.Tests;

/// <summary>What a pod's proxy variables mean to a process of Ebb.</summary>
public sealed class ProxyTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-proxy-");
    private readonly ForwardProxy _proxy = new() { Refusal = 403 };

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Registry_InARangeOfNoProxy_IsAskedDirectly()
    {
        var own = OwnAddress.Find();
        Assert.SkipWhen(own is null, OwnAddress.Missing);

        var run = await MirrorAsync($"{own}:1", noProxy: $"192.0.2.128/25,{own}/16");

        run.Output.ShouldContain($"{own}:1 cannot be reached");
        _proxy.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Registry_NotInNoProxy_TheProxysAnswerIsToldAsTheProxys()
    {
        var run = await MirrorAsync("10.1.2.3:5000", noProxy: "192.168.0.0/16");

        run.Output.ShouldContain($"the proxy {_proxy.Authority} (HTTPS_PROXY) does not lead to 10.1.2.3:5000: it answered 403. Allow it there, or list 10.1.2.3 in NO_PROXY");
        (run.Output + run.Errors).ShouldNotContain("hunter2");
        _proxy.Requests.ShouldAllBe(request => request == "CONNECT 10.1.2.3:5000");
    }

    [Fact]
    public async Task Vault_NotInNoProxy_TheProxysAnswerIsToldAsTheProxys()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "share"), new string('a', 64));

        var run = await RunAsync("UnsealVaultOnRequest", "192.168.0.0/16", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["UnsealVault__Members"] = "https://vault.test:8200",
            ["UnsealVault__SharesDirectory"] = _folder.FullName,
        });

        (run.Output + run.Errors).ShouldContain($"the proxy {_proxy.Authority} (HTTPS_PROXY) does not lead to vault.test:8200: it answered 403.");
        (run.Output + run.Errors).ShouldNotContain("hunter2");
    }

    private async Task<ToolResult> MirrorAsync(string registry, string noProxy)
    {
        var list = Path.Combine(_folder.FullName, "images.yaml");
        await File.WriteAllTextAsync(list, $"target: {registry}/library\nimages:\n  - source: {registry}/alpine\n    tags: [\"3.20\"]\n");
        return await RunAsync("MirrorOnRequest", noProxy, new Dictionary<string, string>(StringComparer.Ordinal) { ["ImageMirror__ImagesFile"] = list });
    }

    private Task<ToolResult> RunAsync(string function, string noProxy, Dictionary<string, string> settings)
    {
        settings["Storage"] = $"sqlite:{Path.Combine(_folder.FullName, "storage")}/ebb.db";
        settings["HTTPS_PROXY"] = $"http://ebb:hunter2@{_proxy.Authority}";
        settings["NO_PROXY"] = noProxy;
        return ToolResult.RunAsync(Peers.Ebb, ["run", function], settings);
    }
}
