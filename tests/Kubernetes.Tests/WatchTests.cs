using System.Threading.Channels;
using Ebb.TestServers.Kubernetes;

namespace Ebb.Kubernetes.Tests;

public sealed class WatchTests : KubernetesTestBase
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    [Fact]
    public async Task Watch_Changes_ToldInOrderFromWhatIsThere()
    {
        Make("a");
        var events = Watch();
        (await NextAsync(events)).ShouldBe("Added a 1");
        await UntilWatchingAsync();

        Make("b");
        Set("a", "2");
        Server.Cluster.Delete("configmaps", Team, "b");

        (await NextAsync(events)).ShouldBe("Added b 1");
        (await NextAsync(events)).ShouldBe("Modified a 2");
        (await NextAsync(events)).ShouldBe("Deleted b 1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_EndedOrCut_GoesOnWithoutLossOrRepetition(bool cut)
    {
        Make("a");
        var events = Watch();
        await NextAsync(events);
        for (var round = 2; round < 6; round++)
        {
            await UntilWatchingAsync();
            Server.EndWatches(cut);
            Set("a", $"{round}");
            (await NextAsync(events)).ShouldBe($"Modified a {round}");
        }

        Server.Calls.Count(call => call.Verb == "list").ShouldBe(1);
    }

    [Fact]
    public async Task Watch_VersionExpired_TellsTheDifferencesOnceEach()
    {
        foreach (var name in new[] { "stays", "changes", "goes", "renewed" })
        {
            Make(name);
        }

        var events = Watch();
        for (var i = 0; i < 4; i++)
        {
            await NextAsync(events);
        }

        await UntilWatchingAsync();
        var gate = new TaskCompletionSource();
        Server.Fail(ApiFault.Hold(call => call.Verb == "watch", gate.Task));
        Server.EndWatches();
        Set("changes", "2");
        Set("changes", "3");
        Server.Cluster.Delete("configmaps", Team, "goes");
        Server.Cluster.Delete("configmaps", Team, "renewed");
        Make("renewed");
        Server.Cluster.Compact();
        gate.SetResult();

        var told = new[] { await NextAsync(events), await NextAsync(events), await NextAsync(events), await NextAsync(events) };
        told.Order().ShouldBe(["Added renewed 1", "Deleted goes 1", "Deleted renewed 1", "Modified changes 3"]);
        await UntilWatchingAsync();
        Set("stays", "2");
        (await NextAsync(events)).ShouldBe("Modified stays 2");
        Server.Calls.Count(call => call.Verb == "list").ShouldBe(2);
    }

    [Fact]
    public async Task Watch_Bookmark_MovesTheVersionOn()
    {
        Make("a");
        var events = Watch();
        await NextAsync(events);
        await UntilWatchingAsync();
        Server.Cluster.Create("secrets", Objects.Secret("other", "a", "b"));
        var version = Server.Cluster.Version;
        Server.SendBookmarks();
        Set("a", "2");
        await NextAsync(events);
        Server.EndWatches();
        await UntilAsync(() => Server.Calls.Count(call => call.Verb == "watch") == 2);

        // Not from the list's version: the first watch told of a later one.
        Server.Calls.Last(call => call.Verb == "watch").Query.ShouldContain($"resourceVersion={version + 1}");
    }

    [Fact]
    public async Task Watch_ServerFailsForAWhile_GoesOnWhereItWas()
    {
        Make("a");
        var events = Watch();
        await NextAsync(events);
        await UntilWatchingAsync();
        Server.Fail(ApiFault.Answer(call => call.Verb == "watch", 503, "ServiceUnavailable", times: 5));
        Server.EndWatches();
        Set("a", "2");

        (await NextAsync(events)).ShouldBe("Modified a 2");
    }

    [Fact]
    public async Task Watch_RightTakenAway_FailsWithTheRight()
    {
        var client = Allowed(new ApiRule("list", "configmaps", Team));

        var failure = await FailureAsync(async () =>
        {
            await foreach (var change in client.WatchAsync(ResourceTypes.ConfigMaps, Team, null, Token))
            {
                change.ShouldBeNull();
            }
        });

        failure.Fault.ShouldBe(KubernetesFault.Forbidden);
        failure.Message.ShouldContain("the verb 'watch' on 'configmaps'");
    }

    [Fact]
    public async Task Wait_ObjectBecomesSo_GivesIt()
    {
        Make("a");
        var waiting = Client.WaitAsync(ResourceTypes.ConfigMaps.Named(Team, "a"), found => found?.Json["data"]?["v"]?.GetValue<string>() == "2", Patience, Token);
        await UntilWatchingAsync();
        Make("b");
        Set("a", "2");

        (await waiting).ShouldNotBeNull().Metadata.Name.ShouldBe("a");
    }

    [Fact]
    public async Task WaitUntilGone_FinalizerHolds_TimesOutNamingIt()
    {
        Server.Cluster.Create("pods", Objects.Pod("p", "example.com/clean"));
        var pod = ResourceTypes.Pods.Named(Team, "p");
        var uid = (await Client.GetAsync(pod, Token)).Metadata.Uid;
        await Client.DeleteAsync(pod, null, Token);

        var failure = await FailureAsync(() => Client.WaitUntilGoneAsync(pod, uid, TimeSpan.FromMilliseconds(200), Token));
        Server.Cluster.Change("pods", Team, "p", item => item.SetFinalizers([]));
        await Client.WaitUntilGoneAsync(pod, uid, Patience, Token);

        failure.Fault.ShouldBe(KubernetesFault.TimedOut);
        failure.Message.ShouldContain("the finalizer example.com/clean");
        failure.LastSeen.ShouldNotBeNull().Metadata.DeletionTimestamp.ShouldNotBeNull();
    }

    [Fact]
    public async Task WaitUntilGone_AnotherOfTheSameName_CountsAsGone()
    {
        Make("a");
        var map = ResourceTypes.ConfigMaps.Named(Team, "a");
        var uid = (await Client.GetAsync(map, Token)).Metadata.Uid;
        await Client.DeleteAsync(map, null, Token);
        Make("a");

        await Client.WaitUntilGoneAsync(map, uid, Patience, Token);

        Server.Cluster.Find("configmaps", Team, "a").ShouldNotBeNull();
    }

    [Fact]
    public async Task WaitUntilGone_NamespaceWithContent_TimesOutNamingWhatRemains()
    {
        Server.Cluster.Create("pods", Objects.Pod("p", "example.com/clean"));
        Server.Cluster.Create("configmaps", Objects.ConfigMap("c"));
        var at = ResourceTypes.Namespaces.Named(Team);
        await Client.DeleteAsync(at, null, Token);

        var failure = await FailureAsync(() => Client.WaitUntilGoneAsync(at, null, TimeSpan.FromMilliseconds(200), Token));
        var refused = await FailureAsync(() => ApplyAsync(Objects.ConfigMap("late"), ResourceTypes.ConfigMaps));
        Server.Cluster.Change("pods", Team, "p", item => item.SetFinalizers([]));
        await Client.WaitUntilGoneAsync(at, null, Patience, Token);

        failure.Message.ShouldContain("Some resources are remaining: pods. has 1 resource instances");
        failure.Message.ShouldContain("example.com/clean in 1 resource instances");
        refused.Fault.ShouldBe(KubernetesFault.NamespaceTerminating);
        Server.Cluster.Find("configmaps", Team, "c").ShouldBeNull();
    }

    private ChannelReader<WatchEvent> Watch()
    {
        var channel = Channel.CreateUnbounded<WatchEvent>();
        _ = Task.Run(async () =>
        {
            try
            {
                await foreach (var change in Client.WatchAsync(ResourceTypes.ConfigMaps, Team, null, _stop.Token))
                {
                    await channel.Writer.WriteAsync(change);
                }
            }
            catch (Exception exception)
            {
                channel.Writer.Complete(exception);
            }
        });
        return channel.Reader;
    }

    private static async Task<string> NextAsync(ChannelReader<WatchEvent> events)
    {
        var change = await events.ReadAsync(Token).AsTask().WaitAsync(Patience);
        return $"{change.Type} {change.Item.Metadata.Name} {change.Item.Json["data"]!["v"]}";
    }

    private void Make(string name) => Server.Cluster.Create("configmaps", Objects.ConfigMap(name, "v", "1"));

    private void Set(string name, string value) => Server.Cluster.Change("configmaps", Team, name, item => item["data"]!["v"] = value);

    private Task UntilWatchingAsync() => UntilAsync(() => Server.OpenWatches == 1);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
