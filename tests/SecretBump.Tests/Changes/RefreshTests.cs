using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.SecretBump.Tests.Changes;

/// <summary>What the store answered may be old by the time it is noted.</summary>
public sealed class RefreshTests
{
    private static string Shop => BumpBench.PathOf("shop");

    [Fact]
    public async Task Refresh_BumpBetweenItsReadAndItsNote_LeavesWhatTheBumpNoted()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        Between(bench, request => request is { Method: "GET", Path.Value: { } path } && path.EndsWith($"/data/{Shop}", StringComparison.Ordinal) && !request.QueryString.HasValue, () => bench.BumpAsync("shop", "1.4.0"));

        var report = await RefreshAsync(bench);

        report.Problems.ShouldBeEmpty();
        var known = await bench.KnownAsync("shop");
        (known.CurrentVersion, known.CurrentTag, known.HealthyVersion).ShouldBe(("2", "1.4.0", "2"));
        known.Versions.Select(version => version.Tag).ShouldBe(["1.4.0", "1.3.0"]);
    }

    [Fact]
    public async Task Refresh_EnvironmentIsMadeBetweenItsListAndItsEnd_IsNotForgotten()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        Between(bench, request => request.Path.Value!.TrimEnd('/').EndsWith("/metadata/application/shop", StringComparison.Ordinal), async () =>
        {
            bench.Vault.KeyValue().Put(BumpBench.PathOf("shop", "staging"), ("METADATA_TAG", "1.3.0"));
            await bench.BumpAsync("shop", "1.4.0", "staging");
        });

        await RefreshAsync(bench);

        (await bench.KnownAsync("shop", "staging")).Changes.ShouldHaveSingleItem().Tag.ShouldBe("1.4.0");
    }

    [Fact]
    public async Task Refresh_EnvironmentThatIsGone_IsForgotten()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        await bench.BumpAsync("shop", "1.4.0");
        await RefreshAsync(bench);
        bench.Vault.KeyValue().Remove(Shop);

        await RefreshAsync(bench);

        (await bench.Storage.Documents.ListAsync("secrets/", BumpBench.Token)).ShouldBeEmpty();
    }

    private static Task<RefreshReport> RefreshAsync(BumpBench bench) =>
        bench.Services.GetRequiredService<AppsReader>().RefreshAsync("shop", _ => { }, BumpBench.Token);

    // The store has answered, and whoever asked does not know it yet.
    private static void Between(BumpBench bench, Func<HttpRequest, bool> when, Func<Task> act)
    {
        var acted = 0;
        bench.Vault.Around = async (context, answer) =>
        {
            if (!when(context.Request) || Interlocked.Exchange(ref acted, 1) == 1)
            {
                await answer();
                return;
            }

            var sent = context.Response.Body;
            using var held = new MemoryStream();
            context.Response.Body = held;
            await answer();
            await act();
            held.Position = 0;
            await held.CopyToAsync(sent, BumpBench.Token);
            context.Response.Body = sent;
        };
    }
}
