using Ebb.Contracts.Previews;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>What it costs, counted in requests.</summary>
public sealed class ManyTests
{
    private const int Objects = 8;

    [Fact]
    public async Task FiveHundred_OpenedAtOnce_AllGetThereWithOneWriteForEachObject()
    {
        const int count = 500;
        await using var bench = await PreviewBench.StartAsync(settings: [("MaxTotal", "500"), ("MaxPerRepository", "500"), ("StartTimeout", "00:10:00")]);
        var pulls = Enumerable.Range(1, count).Select(number => bench.Open(number, values: null)).ToList();
        var runs = await Task.WhenAll(pulls.Select(pull => bench.SendAsync(pull)));
        foreach (var run in runs)
        {
            (await bench.EndOfAsync(run, TimeSpan.FromMinutes(5))).State.ShouldBe(RunState.Succeeded);
        }

        var writes = bench.Api.Writes.Where(call => call.User == "pr-preview").ToList();
        writes.Count.ShouldBe(count * Objects);
        writes.Select(call => (call.Resource, call.Namespace, call.Name)).Distinct().Count().ShouldBe(writes.Count);
        (await bench.Storage.Documents.ListAsync(Preview.KeyPrefix, TestContext.Current.CancellationToken)).Count.ShouldBe(count);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{bench.Api.Calls.Count(call => call.User == "pr-preview") / (double)count:0.#} requests to the cluster, {bench.Git.Requests.Count / (double)count:0.#} to the host, "
            + $"{bench.Registry.Requests.Count / (double)count:0.#} to the registry for a preview");
    }
}
