using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;

namespace Ebb.PrPreview.Tests.Reaping;

/// <summary>What is kept of one preview cannot be read.</summary>
public sealed class UnreadableDocumentTests
{
    private const string Name = "shop-pr-7";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("previews/aaa-pr-1", """{"name":"aaa-pr-1","state":"hibernating"}""")]
    [InlineData("previews/aaa-pr-1", "null")]
    [InlineData("previews/aaa-pr-1", "\u0001 no JSON: hunter2")]
    public async Task Reap_OneDocumentIsUnreadable_ItIsNamedAndTheOthersAreReaped(string key, string value)
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Create("namespaces", null, "aaa-pr-1");
        bench.Cluster.Change("namespaces", null, "aaa-pr-1", item => item["metadata"]!["labels"] = new JsonObject { ["app.kubernetes.io/part-of"] = "ebb-previews" });
        await bench.Storage.Documents.PutAsync(key, value, expectedVersion: null, Token);
        bench.Change(pull, one => one.State = "closed");

        var run = await bench.EndOfReapingAsync();

        (run.State, run.Attempts.Count).ShouldBe((RunState.Failed, 1));
        run.Error!.Message.ShouldSatisfyAllConditions(text => text.ShouldContain("previews/aaa-pr-1"), text => text.ShouldNotContain("hunter2"));
        var report = JsonSerializer.Deserialize(run.Result!, PreviewJson.Default.ReapReport)!;
        report.Unreadable.ShouldHaveSingleItem().Name.ShouldBe("aaa-pr-1");
        report.Removed.ShouldHaveSingleItem().Name.ShouldBe(Name);
        report.Strays.ShouldBeEmpty();
        await bench.UntilAsync(Name, one => one.State is PreviewState.Removed);
    }

    [Fact]
    public async Task Reap_WhatIsKeptOfAPullRequestIsUnreadable_TheOthersAreReaped()
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReadyAsync();
        foreach (var document in await bench.Storage.Documents.ListAsync("preview-pull-requests/", Token))
        {
            await bench.Storage.Documents.PutAsync(document.Key, "[]", expectedVersion: null, Token);
        }

        bench.Time.Move(TimeSpan.FromDays(6.5));
        var other = bench.Open(8);
        await bench.ReportOfAsync(await bench.SendAsync(other));
        bench.Change(other, one => one.State = "closed");

        var run = await bench.EndOfReapingAsync();

        run.State.ShouldBe(RunState.Failed);
        run.Error!.Message.ShouldContain("preview-pull-requests/");
        await bench.UntilAsync("shop-pr-8", one => one.State is PreviewState.Removed);
    }
}
