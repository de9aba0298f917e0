using System.Diagnostics;
using System.Net;

namespace Ebb.Worker.Tests.Hosting;

public sealed class FunctionKeyTests
{
    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("", HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData(SampleHost.HostKey, HttpStatusCode.Accepted)]
    [InlineData(SampleHost.MasterKey, HttpStatusCode.Accepted)]
    public async Task Function_WithKey_Answers(string? key, HttpStatusCode expected)
    {
        await using var host = await SampleHost.StartAsync();
        using var response = await host.PostAsync("api/work", "{}", key);
        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Function_KeyOfAnotherFunction_Is401()
    {
        await using var host = await SampleHost.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(host.KeyDirectory, "functions.Hello.bot"), "hello-only");
        await File.WriteAllTextAsync(Path.Combine(host.KeyDirectory, "functions.enqueue.bot"), "enqueue-only");
        await OpensAsync(host, "enqueue-only");
        using var response = await host.PostAsync("api/work", "{}", "hello-only");
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("api/work")]
    [InlineData("api/runs")]
    [InlineData("admin/host/status")]
    public async Task Key_InTheUrl_Is401AndNamesTheHeaderAndTheSetting(string path)
    {
        await using var host = await SampleHost.StartAsync();
        using var response = await host.SendAsync(path == "api/work" ? HttpMethod.Post : HttpMethod.Get, $"{path}?code={SampleHost.MasterKey}", null, "{}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldContain("x-functions-key");
        text.ShouldContain("FunctionKeys:AllowInQuery=true");
        text.ShouldNotContain(SampleHost.MasterKey);
    }

    [Fact]
    public async Task Key_InTheUrlWhereThatIsAllowed_CountsUnlessThereIsAHeader()
    {
        await using var host = await SampleHost.StartAsync(settings: "--FunctionKeys:AllowInQuery=true");
        using var byCode = await host.PostAsync($"api/work?code={SampleHost.HostKey}", "{}", null);
        using var wrongHeader = await host.PostAsync($"api/work?code={SampleHost.HostKey}", "{}", "wrong");
        byCode.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        wrongHeader.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await wrongHeader.Content.ReadAsStringAsync()).ShouldNotContain("AllowInQuery");
    }

    // The parameter has other uses, such as the answer of an identity provider.
    [Fact]
    public async Task Code_ForAFunctionWithoutKey_IsTheFunctionsOwn()
    {
        await using var host = await SampleHost.StartAsync();
        using var response = await host.GetAsync("api/hello/you?code=abc", null);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_FileWithAByteOrderMark_Opens()
    {
        await using var host = await SampleHost.StartAsync();
        await File.WriteAllBytesAsync(Path.Combine(host.KeyDirectory, "host.function.bot"), [0xEF, 0xBB, 0xBF, .. "marked"u8]);
        await OpensAsync(host, "marked");
    }

    [Fact]
    public async Task Keys_SymlinkSwapped_HoldWithoutRestart()
    {
        // As Kubernetes does it: the key files link to ..data/<key>, and ..data is swapped to another directory.
        await using var host = await SampleHost.StartAsync();
        var directory = host.KeyDirectory;
        foreach (var (version, value) in new[] { ("..v1", "first"), ("..v2", "second") })
        {
            Directory.CreateDirectory(Path.Combine(directory, version));
            await File.WriteAllTextAsync(Path.Combine(directory, version, "host.function.bot"), value);
        }

        File.CreateSymbolicLink(Path.Combine(directory, "..data"), "..v1");
        File.CreateSymbolicLink(Path.Combine(directory, "host.function.bot"), "..data/host.function.bot");
        await OpensAsync(host, "first");

        File.CreateSymbolicLink(Path.Combine(directory, "..data_tmp"), "..v2");
        using (var swap = Process.Start("mv", ["-T", Path.Combine(directory, "..data_tmp"), Path.Combine(directory, "..data")]))
        {
            await swap.WaitForExitAsync();
        }

        await OpensAsync(host, "second");
        using var old = await host.PostAsync("api/work", "{}", "first");
        old.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Keys_EmptyFile_NeverMatches()
    {
        await using var host = await SampleHost.StartAsync(settings: "--FunctionKeys:AllowInQuery=true");
        await File.WriteAllTextAsync(Path.Combine(host.KeyDirectory, "host.function.ci"), "\n");
        await SampleHost.EventuallyAsync(async () =>
        {
            using var response = await host.PostAsync("api/work", "{}");
            return response.StatusCode == HttpStatusCode.Unauthorized;
        }, "the emptied key to stop opening");
        using var blank = await host.PostAsync("api/work?code=", "{}", null);
        blank.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Keys_None_StaysClosedAndSaysSo()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await SampleHost.StartAsync(null, directory, $"--FunctionKeys:Directory={directory.File("nothing")}");
        using var response = await host.PostAsync("api/work", "{}", SampleHost.MasterKey);
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        host.Logs.Lines.ShouldContain(line => line.Contains(directory.File("nothing")) && line.Contains("host.master"));
    }

    [Fact]
    public async Task AdminLevel_HostKey_Is401()
    {
        await using var host = await SampleHost.StartAsync();
        using var refused = await host.GetAsync("api/Guarded");
        using var let = await host.GetAsync("api/Guarded", SampleHost.MasterKey);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        let.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task OpensAsync(SampleHost host, string key) => SampleHost.EventuallyAsync(async () =>
    {
        using var response = await host.PostAsync("api/work", "{}", key);
        return response.StatusCode == HttpStatusCode.Accepted;
    }, $"the key '{key}' to open");
}
