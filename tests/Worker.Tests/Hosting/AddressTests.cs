using System.Net;
using Ebb.TestServers.Logs;
using Ebb.TestServers.Network;
using Ebb.Worker.SampleApp;

namespace Ebb.Worker.Tests.Hosting;

public sealed class AddressTests
{
    [Fact]
    public async Task Host_AddressFromAspNetCoreUrls_IsListenedOn()
    {
        var url = $"http://127.0.0.1:{LoopbackPort.Next()}";
        (await AddressesAsync($"--ASPNETCORE_URLS={url}")).ShouldBe([new Uri(url)]);
    }

    [Fact]
    public async Task Host_SeveralAddresses_AreListenedOn()
    {
        var urls = Enumerable.Range(0, 2).Select(_ => $"http://127.0.0.1:{LoopbackPort.Next()}").ToArray();
        (await AddressesAsync($"--urls={string.Join(';', urls)}")).ShouldBe(urls.Select(url => new Uri(url)), ignoreOrder: true);
    }

    [Fact]
    public async Task Host_StorageSettingWrong_IsAmongAllProblems()
    {
        var start = () => AddressesAsync("--Storage=s3:bucket", "--Shutdown:Grace=soon");

        var wrong = await start.ShouldThrowAsync<HostStartException>();

        wrong.Message.ShouldContain("Storage begins with 's3:'; it must be sqlite:<file>");
        wrong.Message.ShouldContain("Shutdown:Grace");
    }

    private static async Task<IReadOnlyList<Uri>> AddressesAsync(params string[] settings)
    {
        using var directory = new TemporaryDirectory();
        await using var host = await FunctionHost.StartAsync(
            [$"--Storage=sqlite:{directory.File("store")}/ebb.db", .. settings],
            [new SampleFunctionApp()],
            new HostEnvironment { WorkingDirectory = directory.Path, LoggerProvider = new CollectedLogs() },
            CancellationToken.None);
        foreach (var address in host.Addresses)
        {
            using var client = new HttpClient { BaseAddress = address };
            (await client.GetAsync("healthz/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        return host.Addresses;
    }
}
