using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;
using Ebb.TestServers.RabbitMQ;

namespace Ebb.Kubernetes.Tests;

/// <summary>The stand-in judged by a client that is not ours: kubectl.</summary>
public sealed class KubectlTests : KubernetesTestBase
{
    private readonly TlsFiles _files = new();
    private readonly string _kubectl = Peer.Program("kubectl", "EBB_KUBECTL");

    // kubectl sends no token over plain HTTP.
    internal override ApiTls Tls => new(X509Certificate2.CreateFromPemFile(_files.Certificate, _files.Key), X509CertificateLoader.LoadCertificateFromFile(_files.Authority));

    internal override string? Authority => _files.Authority;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _files.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Kubectl_ApplyGetPatchDelete_AgreeWithTheStandIn()
    {
        var file = Write("web.json", Objects.Deployment("web").ToJsonString());

        (await RunAsync("apply", "--server-side", "--validate=false", "--field-manager=kubectl", "-f", file)).ShouldContain("deployment.apps/web serverside-applied");
        (await RunAsync("get", "deployments", "-n", Team, "-o", "jsonpath={.items[*].spec.replicas}")).ShouldBe("1");
        (await RunAsync("get", "deploy", "web", "-n", Team, "-o", "name")).ShouldContain("deployment.apps/web");
        (await RunAsync("patch", "deployment", "web", "-n", Team, "--type=merge", "-p", """{"spec":{"replicas":3}}""")).ShouldContain("patched");
        (await RunAsync("label", "deployment", "web", "-n", Team, "team=shop")).ShouldContain("labeled");
        (await RunAsync("delete", "deployment", "web", "-n", Team, "--wait", "--timeout=30s")).ShouldContain("deleted");

        Server.Cluster.Find("deployments", Team, "web").ShouldBeNull();
    }

    [Fact]
    public async Task Kubectl_ConflictOfOwners_TellsWhatOurClientTells()
    {
        await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments);
        var file = Write("web.json", Objects.Deployment("web", replicas: 2).ToJsonString());

        var (code, output) = await TryRunAsync("apply", "--server-side", "--validate=false", "-f", file);

        code.ShouldNotBe(0);
        output.ShouldContain("conflict with \"ebb\"");
        output.ShouldContain(".spec.replicas");
        (await RunAsync("apply", "--server-side", "--validate=false", "--force-conflicts", "-f", file)).ShouldContain("serverside-applied");
    }

    [Fact]
    public async Task Kubectl_RolloutStatus_EndsWithTheRollout()
    {
        await using var controller = new DeploymentController(Server.Cluster) { Outcome = _ => PodOutcome.Starting };
        await ApplyAsync(Objects.Deployment("web", replicas: 2), ResourceTypes.Deployments);
        var watching = RunAsync("rollout", "status", "deployment/web", "-n", Team, "--timeout=60s");
        await UntilAsync(() => Server.OpenWatches > 0);

        controller.Outcome = _ => PodOutcome.Ready;
        controller.LookAgain();

        (await watching).ShouldContain("deployment \"web\" successfully rolled out");
    }

    [Fact]
    public async Task Kubectl_DeleteNamespaceWithAFinalizerInside_WaitsUntilItIsGone()
    {
        Server.Cluster.Create("pods", Objects.Pod("p", "example.com/clean"));
        var deleting = RunAsync("delete", "namespace", Team, "--wait", "--timeout=60s");
        await UntilAsync(() => Server.Cluster.Find("namespaces", null, Team)?.Child("status").Text("phase") == "Terminating" && Server.OpenWatches > 0);

        Server.Cluster.Change("pods", Team, "p", item => item.SetFinalizers([]));

        (await deleting).ShouldContain("deleted");
        Server.Cluster.Find("namespaces", null, Team).ShouldBeNull();
    }

    [Fact]
    public async Task Kubectl_MissingRight_ShowsTheSameWords()
    {
        Server.Access.AddToken("nobody", "nobody");

        var (code, output) = await TryRunAsync("get", "pods", "-n", Team, "--token=nobody");

        code.ShouldNotBe(0);
        output.ShouldContain("Error from server (Forbidden): pods is forbidden: User \"nobody\" cannot list resource \"pods\" in API group \"\" in the namespace \"shop\"");
    }

    [Fact]
    public async Task Kubectl_Wait_SeesTheCondition()
    {
        await using var controller = new DeploymentController(Server.Cluster);
        await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments);

        (await RunAsync("wait", "--for=condition=Available", "deployment/web", "-n", Team, "--timeout=60s")).ShouldContain("condition met");
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output) = await TryRunAsync(arguments);
        code.ShouldBe(0, output);
        return output;
    }

    private async Task<(int Code, string Output)> TryRunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(_kubectl) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["HOME"] = Folder;
        start.Environment["KUBECONFIG"] = Path.Combine(Folder, "none");
        if (!arguments.Any(argument => argument.StartsWith("--token", StringComparison.Ordinal)))
        {
            start.ArgumentList.Add($"--token={Server.Access.AdminToken}");
        }

        start.ArgumentList.Add($"--server={Server.Address}");
        start.ArgumentList.Add($"--certificate-authority={_files.Authority}");
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var errors = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output + await errors);
    }

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
