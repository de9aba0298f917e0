using Ebb.TestServers.Kubernetes;

namespace Ebb.Kubernetes.Tests;

public sealed class ReadTests : KubernetesTestBase
{
    [Fact]
    public async Task Find_NotThere_Null() => (await Client.FindAsync(ResourceTypes.Pods.Named(Team, "none"), Token)).ShouldBeNull();

    [Fact]
    public async Task Find_TypeNotServed_SaysSoInsteadOfNull()
    {
        var failure = await FailureAsync(() => Client.FindAsync(ResourceTypes.Applications.Named("argocd", "web"), Token));

        failure.Fault.ShouldBe(KubernetesFault.TypeNotServed);
        failure.Message.ShouldContain("applications.argoproj.io");
        failure.Message.ShouldContain("install");
    }

    [Fact]
    public async Task List_ManyPages_AllOfThemOnce()
    {
        for (var i = 0; i < 25; i++)
        {
            Server.Cluster.Create("configmaps", Objects.ConfigMap($"c{i:00}"));
        }

        var list = await Client.ListAsync(ResourceTypes.ConfigMaps, Team, new ListOptions { PageSize = 10 }, Token);

        list.Items.Select(item => item.Metadata.Name).ShouldBe(Enumerable.Range(0, 25).Select(i => $"c{i:00}"));
        list.Items[0].Kind.ShouldBe("ConfigMap");
        list.ResourceVersion.ShouldBe(Server.Cluster.Version.ToString());
        Server.Calls.Count(call => call.Verb == "list").ShouldBe(3);
    }

    [Fact]
    public async Task List_PagesExpire_BeginsAgain()
    {
        for (var i = 0; i < 15; i++)
        {
            Server.Cluster.Create("configmaps", Objects.ConfigMap($"c{i:00}"));
        }

        var compacted = false;
        Server.Fail(ApiFault.Hold(
            call =>
            {
                if (call.Verb == "list" && call.Query.Contains("continue", StringComparison.Ordinal) && !compacted)
                {
                    compacted = true;
                    Server.Cluster.Compact();
                    return true;
                }

                return false;
            },
            Task.CompletedTask));

        var list = await Client.ListAsync(ResourceTypes.ConfigMaps, Team, new ListOptions { PageSize = 10 }, Token);

        compacted.ShouldBeTrue();
        list.Items.Count.ShouldBe(15);
        Server.Calls.Count(call => call.Status == 410).ShouldBe(1);
    }

    [Theory]
    [InlineData("app=a", null, "one")]
    [InlineData("app in (a,b)", null, "one,two")]
    [InlineData("app!=a,app", null, "two")]
    [InlineData("!app", null, "three")]
    [InlineData(null, "metadata.name=two", "two")]
    public async Task List_Selectors_OnlyThose(string? labels, string? fields, string names)
    {
        foreach (var (name, label) in new[] { ("one", "a"), ("two", "b"), ("three", null) })
        {
            var item = Objects.ConfigMap(name);
            item["metadata"]!["labels"] = label is null ? null : new System.Text.Json.Nodes.JsonObject { ["app"] = label };
            Server.Cluster.Create("configmaps", item);
        }

        var list = await Client.ListAsync(ResourceTypes.ConfigMaps, Team, new ListOptions { LabelSelector = labels, FieldSelector = fields }, Token);

        list.Items.Select(item => item.Metadata.Name).Order().ShouldBe(names.Split(',').Order());
    }

    [Fact]
    public async Task List_LongerThanAllowed_Fails()
    {
        for (var i = 0; i < 3; i++)
        {
            Server.Cluster.Create("configmaps", Objects.ConfigMap($"c{i}"));
        }

        var failure = await FailureAsync(() => Client.ListAsync(ResourceTypes.ConfigMaps, Team, new ListOptions { MaxItems = 2 }, Token));

        failure.Message.ShouldContain("more than 2 configmaps");
    }

    [Fact]
    public async Task Metadata_Everything_Read()
    {
        var item = Objects.Pod("p", "example.com/a");
        item["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { ["app"] = "a" };
        item["metadata"]!["annotations"] = new System.Text.Json.Nodes.JsonObject { ["x/y"] = "z" };
        Server.Cluster.Create("pods", item);
        Server.Cluster.Delete("pods", Team, "p");

        var metadata = (await Client.GetAsync(ResourceTypes.Pods.Named(Team, "p"), Token)).Metadata;

        metadata.Finalizers.ShouldBe(["example.com/a"]);
        metadata.Labels["app"].ShouldBe("a");
        metadata.Annotations["x/y"].ShouldBe("z");
        metadata.DeletionTimestamp.ShouldNotBeNull().ShouldBe(TimeProvider.System.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(1));
    }
}
