using Ebb.EndToEnd.Tests.Processes;
using Ebb.EndToEnd.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.EndToEnd.Tests;

[Collection(SharedRegistries.Name)]
public sealed class InterruptionTests(Registries registries)
{
    private const int LayerBytes = 4_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static Dictionary<string, TestImage> OneImage(int seed) =>
        new(StringComparer.Ordinal) { ["alpha"] = TestImage.Create(seed, layerBytes: [LayerBytes]) };

    [Fact]
    public async Task Sigterm_InMidRun_HandsTheRunBackAtOnce()
    {
        await using var relay = new HoldingRelay(registries.Source.Uri.Port, LayerBytes / 2);
        using var workspace = await Workspace.CreateAsync(registries, OneImage(11), relay.Host);
        workspace.Settings["Shutdown__Grace"] = "00:00:01";

        // Far longer than this test waits: the next process gets the run only if this one hands it back.
        workspace.Settings["Queues__LeaseDuration"] = "01:00:00";
        string id;
        await using (var first = await workspace.StartAsync(Peers.Ebb))
        {
            id = await Runs.AskDoorAsync(first);
            await relay.Held.WaitAsync(Patience);
            (await first.TerminateAsync()).ShouldBe(0, first.Log);
        }

        (await workspace.TargetTagsAsync("alpha")).ShouldBeEmpty();
        relay.Release();
        await using var second = await workspace.StartAsync(Peers.Ebb);
        var run = await Runs.EndAsync(second, id);

        run.ShouldHaveSucceeded(second);
        run["attempts"]!.AsArray().Count.ShouldBe(1, "an attempt that was handed back is not counted");
        await workspace.CosignAcceptsEverythingAsync();
    }

    [Fact]
    public async Task Sigkill_InMidRun_TheSameRunEndsInTheNextProcess() => await KillAndRestartAsync(Peers.Ebb, Runs.AskDoorAsync, 12);

    [Fact]
    public async Task Sigkill_InMidRunOfTheNativeBinary_TheSameRunEndsInTheNextProcess() =>
        await KillAndRestartAsync(Peers.NativeImageMirror, Runs.AskAdminAsync, 13);

    private async Task KillAndRestartAsync(string executable, Func<HostProcess, Task<string>> ask, int seed)
    {
        await using var relay = new HoldingRelay(registries.Source.Uri.Port, LayerBytes / 2);
        using var workspace = await Workspace.CreateAsync(registries, OneImage(seed), relay.Host);
        workspace.Settings["Queues__LeaseDuration"] = "00:00:02";
        string id;
        await using (var first = await workspace.StartAsync(executable))
        {
            id = await ask(first);
            await relay.Held.WaitAsync(Patience);
            await first.KillAsync();
        }

        (await workspace.TargetTagsAsync("alpha")).ShouldBeEmpty("the tag moves last");
        relay.Release();
        await using var second = await workspace.StartAsync(executable);
        var run = await Runs.EndAsync(second, id);

        run.ShouldHaveSucceeded(second);
        (await workspace.TargetTagsAsync("alpha")).ShouldBe(["1.0"]);
        await workspace.CosignAcceptsEverythingAsync();
    }
}
