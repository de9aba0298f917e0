using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using FsCheck;
using FsCheck.Fluent;

namespace Ebb.SecretBump.Tests.Changes;

/// <summary>
/// Bumps, rollbacks and pins of one environment in the order they were accepted, while the worker is killed and restarted at requests of
/// any number and another client writes in between.
/// </summary>
public sealed class InterleavingProperties
{
    private static string Shop => BumpBench.PathOf("shop");

    [Fact]
    public void AnyInterleaving_EndsWithTheLastAcceptedChangeAndEveryVersionAccountedFor() =>
        Prop.ForAll(Acts.ArrayOf().Resize(12).ToArbitrary(), acts => HoldsAsync(acts).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private static Gen<Act> Acts => Gen.OneOf(
        Gen.Elements("1.1", "1.2", "1.3").SelectMany(tag => Kills.Select(kill => new Act("bump", tag, kill))),
        Gen.Elements("1.0", "1.1", "1.2").SelectMany(tag => Kills.Select(kill => new Act("rollback", tag, kill))),
        Gen.Constant(new Act("foreign", "", 0)));

    // At which request after its beginning the worker is killed; 0: not at all.
    private static Gen<int> Kills => Gen.Frequency((2, Gen.Constant(0)), (3, Gen.Choose(1, 8)));

    private static async Task<bool> HoldsAsync(Act[] acts)
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().MaxVersions = 100;
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.0"), ("OTHER", "0"));
        var (foreign, tags) = (new HashSet<string> { "1" }, new HashSet<string> { "1.0" });
        var expected = "1.0";
        for (var i = 0; i < acts.Length; i++)
        {
            if (acts[i].Kind == "foreign")
            {
                foreign.Add($"{bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", expected), ("OTHER", $"{i}"))}");
                continue;
            }

            if (acts[i].Kind == "rollback" && !tags.Contains(acts[i].Tag))
            {
                continue;
            }

            SecretChange change = acts[i].Kind == "bump"
                ? new BumpRequest { Application = "shop", NewTag = acts[i].Tag, Environments = ["dev"] }
                : new RollbackRequest { Application = "shop", Environment = "dev", To = acts[i].Tag, Pin = false };
            (await MakeAsync(bench, change, $"run-{i}", acts[i].KillAt)).Outcome.ShouldBeOneOf(ChangeOutcome.Changed, ChangeOutcome.Unchanged);
            expected = acts[i].Tag;
            tags.Add(expected);
            bench.TagOf("shop").ShouldBe(expected);
        }

        bench.TagOf("shop").ShouldBe(expected);
        var accounted = (await bench.KnownAsync("shop")).Changes.Select(made => made.Version).ToList();
        accounted.ShouldBeUnique();
        accounted.Concat(foreign).Order(StringComparer.Ordinal).ShouldBe(
            Enumerable.Range(1, bench.Vault.KeyValue().CurrentVersion(Shop)).Select(version => $"{version}").Order(StringComparer.Ordinal));
        return true;
    }

    /// <summary>Makes the change as the queue does: whoever dies over it is followed by a successor with the same message.</summary>
    private static async Task<ChangeReport> MakeAsync(BumpBench bench, SecretChange change, string run, int killAt)
    {
        if (killAt > 0)
        {
            using var kill = new CancellationTokenSource();
            var left = killAt;
            bench.Vault.Requested = () =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    kill.Cancel();
                }
            };
            try
            {
                return await bench.RunAsync(change, run: run, cancellationToken: kill.Token);
            }
            catch (OperationCanceledException)
            {
                await bench.RestartAsync();
            }
            finally
            {
                bench.Vault.Requested = null;
            }
        }

        return await bench.RunAsync(change, run: run);
    }

    private sealed record Act(string Kind, string Tag, int KillAt)
    {
        public override string ToString() => $"{Kind} {Tag} killed at {KillAt}";
    }
}
