using Ebb.TestServers.Kubernetes;

namespace Ebb.EndToEnd.Tests.Previews;

/// <summary>Previews by signed webhooks, with SIGKILL in the midst of the work.</summary>
public sealed class PreviewTests
{
    [Theory]
    [InlineData("patch", "namespaces", PreviewStage.Name)]
    [InlineData("patch", "networkpolicies.networking.k8s.io", null)]
    [InlineData("patch", PreviewStage.Application, PreviewStage.Name)]
    [InlineData("delete", PreviewStage.Application, PreviewStage.Name)]
    [InlineData("delete", "namespaces", PreviewStage.Name)]
    public async Task Ebb_KilledAtAWrite_GetsThereAndLeavesNothing(string verb, string resource, string? name)
    {
        await using var stage = await PreviewStage.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Api.Fail(ApiFault.Hold(
            call => call.Verb == verb && call.Resource == resource && (name is null || call.Name == name) && asked.TrySetResult(),
            Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken)));
        await using (var host = await stage.StartEbbAsync())
        {
            await stage.TellAsync(host, "opened");
            if (verb == "delete")
            {
                await PreviewStage.UntilAsync(host, "ready");
                await stage.TellAsync(host, "closed");
            }

            await asked.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
            await host.KillAsync();
        }

        await using var successor = await stage.StartEbbAsync();
        if (verb != "delete")
        {
            await PreviewStage.UntilAsync(successor, "ready");
            stage.Objects.ShouldBe([PreviewStage.Name, $"application {PreviewStage.Name}"]);
            await stage.TellAsync(successor, "closed");
        }

        await PreviewStage.UntilAsync(successor, "removed");
        stage.Objects.ShouldBeEmpty();
        stage.Comments.ShouldBe(1);
    }
}
