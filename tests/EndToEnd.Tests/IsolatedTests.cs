using System.Net;
using System.Text.Json.Nodes;
using Ebb.EndToEnd.Tests.Processes;
using Ebb.EndToEnd.Tests.Servers;
using Ebb.TestServers.Functions;
using Ebb.TestServers.Registry;

namespace Ebb.EndToEnd.Tests;

/// <summary>The way out: the same function assemblies as a standard isolated worker of Azure Functions, driven as its host drives it.</summary>
[Collection(SharedRegistries.Name)]
public sealed class IsolatedTests(Registries registries)
{
    private const string Timer = """{"Schedule":{},"ScheduleStatus":{"Last":"2026-01-01T00:00:00+00:00","Next":"2026-01-02T00:00:00+00:00"},"IsPastDue":true}""";

    [Fact]
    public async Task Isolated_ThroughQueueTimerAndHttp_DoesTheSameWork()
    {
        using var workspace = await Workspace.CreateAsync(registries, new Dictionary<string, TestImage>(StringComparer.Ordinal) { ["alpha"] = TestImage.Create(6) });
        await using var host = await FunctionRpcHost.StartAsync(Peers.Isolated, workspace.Settings);

        host.Functions.ShouldBe(await FunctionsOfEbbAsync(workspace), ignoreOrder: true);
        var copied = await host.InvokeAsync("MirrorOnRequest", """{"images":[{"name":"alpha"}]}""", ("DequeueCount", "1"));
        copied.Error.ShouldBeNull(host.Log);
        Actions(copied).ShouldBe(["copied"]);
        await workspace.CosignAcceptsEverythingAsync();
        Actions(await host.InvokeAsync("MirrorOnSchedule", Timer)).ShouldBe(["unchanged"]);

        var (_, status, body) = await host.SendAsync("ImagesMirror", HttpMethod.Post, "api/images/mirror", """{"images":[{"name":"alpha"}]}""");
        (status, JsonNode.Parse(body)!["state"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Accepted, "queued"), host.Log);
        (await host.InvokeAsync("SnapshotNightly", Timer)).Error.ShouldNotBeNull()
            .ShouldContain("'SnapshotNightly' is off: EtcdBackup:Source is not set. Set AzureWebJobs.SnapshotNightly.Disabled to true");
    }

    [Fact]
    public async Task Isolated_FunctionThatFails_TellsItsOwnWords()
    {
        using var workspace = await Workspace.CreateAsync(registries, new Dictionary<string, TestImage>(StringComparer.Ordinal) { ["alpha"] = TestImage.Create(7) });
        await using var host = await FunctionRpcHost.StartAsync(Peers.Isolated, workspace.Settings);

        var reply = await host.InvokeAsync("MirrorOnRequest", """{"images":[{"name":"nothing"}]}""");

        reply.Error.ShouldNotBeNull().ShouldContain("The request cannot be carried out");
    }

    // Microsoft's generator leaves a function out that it does not like, and says so in the build only.
    private static async Task<IEnumerable<string>> FunctionsOfEbbAsync(Workspace workspace)
    {
        var listed = await ToolResult.RunAsync(Peers.Ebb, ["functions"], workspace.Settings);
        listed.ExitCode.ShouldBe(0, listed.Errors);
        var off = listed.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("Off, because ", StringComparison.Ordinal));
        return listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ')[0])
            .Concat(off.SelectMany(line => line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.').Split(", ")));
    }

    private static IEnumerable<string> Actions(FunctionReply reply) =>
        JsonNode.Parse(reply.Result.ShouldNotBeNull(reply.Error))!["images"]!.AsArray().Select(image => image!["action"]!.GetValue<string>());
}
