using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ebb.EndToEnd.Tests.Processes;

namespace Ebb.EndToEnd.Tests;

/// <summary>
/// What trimming takes from the worker's packages and functions need: Worker.Core's hosted service ends a native process, its
/// <c>UseMiddleware</c> loses the constructor of a middleware, its outputs are read by reflection, its activator finds no constructor.
/// </summary>
public sealed class NativeModelTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ebb-native-");
    private HostProcess _host = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "host.json"), """{ "version": "2.0" }""");
        var keys = _directory.CreateSubdirectory("keys").FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "host.master"), Workspace.MasterKey);
        _host = await HostProcess.StartAsync(Peers.NativeSampleApp, _directory.FullName, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Storage"] = $"file:{Path.Combine(_directory.FullName, "store")}",
            ["FunctionKeys__Directory"] = keys,
        });
        _host.Client.DefaultRequestHeaders.Add("x-functions-key", Workspace.MasterKey);
    }

    [Theory]
    [InlineData("plain", HttpStatusCode.OK, "plain stamped True plain")]
    [InlineData("replaced", HttpStatusCode.OK, "instead of a ContentHttpResult")]
    [InlineData("refused", (HttpStatusCode)418, "")]
    public async Task Middleware_WithAConstructor_RunsAndReplacesResults(string what, HttpStatusCode status, string body)
    {
        using var answer = await _host.Client.GetAsync($"/api/stamped/{what}");

        (answer.StatusCode, await answer.Content.ReadAsStringAsync()).ShouldBe((status, body), _host.Log);
    }

    [Fact]
    public async Task Outputs_InAClass_AreSentAndTheirFunctionsRun()
    {
        using var body = new StringContent("""{"number":7}""", Encoding.UTF8, "application/json");

        using var answer = await _host.Client.PostAsync("/api/orders/6", body);

        (await answer.Content.ReadAsStringAsync()).ShouldBe("42 POST", _host.Log);
        (await ResultOfAsync("Left")).ShouldBe("\"ordered 42 stamped True\"", _host.Log);
    }

    [Fact]
    public async Task FunctionClass_WithServices_IsMade()
    {
        using var body = new StringContent("""{"do":"ok"}""", Encoding.UTF8, "application/json");

        using var answer = await _host.Client.PostAsync("/api/work?wait=30s", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, _host.Log);
        (await _host.TerminateAsync()).ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task<string?> ResultOfAsync(string function)
    {
        for (var look = 0; look < 500; look++)
        {
            var runs = JsonNode.Parse(await _host.Client.GetStringAsync($"/api/runs?function={function}&state=succeeded"))!.AsArray();
            if (runs.Count > 0)
            {
                return runs[0]!["result"]!.ToJsonString();
            }

            await Task.Delay(20);
        }

        return null;
    }
}
