using System.Net;
using Ebb.EndToEnd.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.EndToEnd.Tests;

[Collection(SharedRegistries.Name)]
public sealed class MirrorTests(Registries registries)
{
    private static Dictionary<string, TestImage> SomeImages => new(StringComparer.Ordinal)
    {
        ["alpha"] = TestImage.Create(1, sharedSeed: 7),
        ["beta"] = TestImage.Create(2, sharedSeed: 7),
        ["gamma"] = TestImage.Create(3, layerBytes: [3_000_000]),
    };

    [Fact]
    public async Task Ebb_AskedAtTheDoor_MirrorsSignsAndThenWritesNothing()
    {
        using var workspace = await Workspace.CreateAsync(registries, SomeImages);
        await using var host = await workspace.StartAsync(Peers.Ebb);
        await MirrorsSignsAndThenWritesNothingAsync(workspace, host, Runs.AskDoorAsync);
        (await host.TerminateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task NativeImageMirror_AskedAtItsAdminEndpoint_MirrorsSignsAndThenWritesNothing()
    {
        using var workspace = await Workspace.CreateAsync(registries, SomeImages);
        await using var host = await workspace.StartAsync(Peers.NativeImageMirror);
        await MirrorsSignsAndThenWritesNothingAsync(workspace, host, Runs.AskAdminAsync);
        (await host.TerminateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Door_WithoutAKey_Answers401AndStartsNothing()
    {
        using var workspace = await Workspace.CreateAsync(registries, new Dictionary<string, TestImage>(StringComparer.Ordinal) { ["alpha"] = TestImage.Create(4) });
        await using var host = await workspace.StartAsync(Peers.Ebb);

        using var answer = await host.Client.PostAsync("/api/images/mirror", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var (_, runs) = await Runs.GetAsync(host, "/api/runs");
        runs.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Ebb_OneImageIsMissing_MirrorsTheOthersAndTheRunFails()
    {
        using var workspace = await Workspace.CreateAsync(registries, new Dictionary<string, TestImage>(StringComparer.Ordinal) { ["alpha"] = TestImage.Create(5) });
        var list = Path.Combine(workspace.Folder, "images.yaml");
        await File.AppendAllTextAsync(list, $"  - source: {registries.Source.Host}/nobody/nothing\n    tags: [\"1.0\"]\n");
        await using var host = await workspace.StartAsync(Peers.Ebb);

        var run = await Runs.EndAsync(host, await Runs.AskDoorAsync(host));

        run["state"]!.GetValue<string>().ShouldBe("failed", run.ToJsonString());
        run.Actions().ShouldBe(["copied", "failed"]);
        await workspace.CosignAcceptsEverythingAsync();
    }

    private async Task MirrorsSignsAndThenWritesNothingAsync(
        Workspace workspace, Processes.HostProcess host, Func<Processes.HostProcess, Task<string>> ask)
    {
        var first = await Runs.EndAsync(host, await ask(host));
        first.ShouldHaveSucceeded(host);
        first.Actions().ShouldAllBe(action => action == "copied");
        await workspace.CosignAcceptsEverythingAsync();
        var before = RegistrySnapshot.Of(registries.Target.StorageFolder);

        var second = await Runs.EndAsync(host, await ask(host));

        second.ShouldHaveSucceeded(host);
        second.Actions().ShouldAllBe(action => action == "unchanged");
        RegistrySnapshot.Of(registries.Target.StorageFolder).ShouldBe(before);
    }
}
