using System.Net;
using Ebb.TestServers.Kubernetes;

namespace Ebb.EndToEnd.Tests.Secrets;

/// <summary>The whole way: HTTP call, bump, ExternalSecret sync, rollout, answer.</summary>
public sealed class BumpTests
{
    private const string Bump = """{"application":"shop","new_tag":"1.4.0","environments":["dev"],"build":"41","commit":"0badcafe"}""";

    [Fact]
    public async Task Ebb_AskedByAPipeline_BringsTheTagToHealthyPodsAndBack()
    {
        await using var stage = await SecretsStage.StartAsync();
        await using var host = await stage.StartEbbAsync();

        var (status, run) = await SecretsStage.PostAsync(host, "bump?wait=60s", Bump);
        status.ShouldBe(HttpStatusCode.OK, $"{run}\n{host.Log}");
        ((string)run["result"]!["outcome"]!).ShouldBe("changed");
        (stage.TagInCluster, stage.Restarts).ShouldBe(("1.4.0", 1));

        var (_, again) = await SecretsStage.PostAsync(host, "bump?wait=60s", Bump);
        ((string)again["result"]!["outcome"]!).ShouldBe("unchanged");
        (stage.Vault.KeyValue().CurrentVersion(SecretsStage.Path), stage.Restarts).ShouldBe((2, 1));

        var (back, _) = await SecretsStage.PostAsync(host, "rollback?wait=60s", """{"application":"shop","environment":"dev","to":"1.3.0"}""");
        (back, stage.TagInCluster, stage.Restarts).ShouldBe((HttpStatusCode.OK, "1.3.0", 2));

        var (pinned, why) = await SecretsStage.PostAsync(host, "bump?wait=60s", """{"application":"shop","new_tag":"1.5.0","environments":["dev"]}""");
        pinned.ShouldBe(HttpStatusCode.Conflict);
        ((string)why["error"]!["message"]!).ShouldContain("pinned to 1.3.0 by key:host/ci");
        host.Log.ShouldNotContain("never-shown");
    }

    [Theory]
    [InlineData("""{"application":"nothing","new_tag":"1"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"application":"shop","new_tag":"1","environments":["nowhere"]}""", HttpStatusCode.NotFound)]
    [InlineData("""{"application":"../shop","new_tag":"1"}""", HttpStatusCode.BadRequest)]
    public async Task Ebb_ImpossibleBump_AnswersTheCause(string body, HttpStatusCode expected)
    {
        await using var stage = await SecretsStage.StartAsync();
        await using var host = await stage.StartEbbAsync();

        var (status, answer) = await SecretsStage.PostAsync(host, "bump?wait=60s", body);

        status.ShouldBe(expected, $"{answer}");
    }

    [Fact]
    public async Task Ebb_KilledBetweenWriteAndRollout_IsOneVersionAndOneRestart()
    {
        await using var stage = await SecretsStage.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Api.Fail(ApiFault.Hold(
            call => call is { Verb: "patch", Resource: "externalsecrets.external-secrets.io" } && asked.TrySetResult(), Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken)));
        string id;
        await using (var host = await stage.StartEbbAsync())
        {
            var (_, accepted) = await SecretsStage.PostAsync(host, "bump", Bump);
            id = (string)accepted["id"]!;
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await host.KillAsync();
        }

        await using var successor = await stage.StartEbbAsync();
        var run = await Runs.EndAsync(successor, id);

        run.ShouldHaveSucceeded(successor);
        run["attempts"]!.AsArray().Count.ShouldBe(2);
        (stage.Vault.KeyValue().CurrentVersion(SecretsStage.Path), stage.TagInCluster, stage.Restarts).ShouldBe((2, "1.4.0", 1));
    }
}
