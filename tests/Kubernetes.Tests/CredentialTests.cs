using Ebb.TestServers.Kubernetes;

namespace Ebb.Kubernetes.Tests;

public sealed class CredentialTests : KubernetesTestBase
{
    private static readonly ObjectReference Map = ResourceTypes.ConfigMaps.Named(Team, "c");

    [Fact]
    public async Task TokenFile_Rotated_ReadAgainAtOnce()
    {
        Server.Access.AddToken("first", "a", new ApiRule("*", "*"));
        Server.Access.AddToken("second", "b", new ApiRule("*", "*"));
        Server.Cluster.Create("configmaps", Objects.ConfigMap("c"));
        var client = Connect(Options(null) with { Credential = new CredentialOptions { TokenFile = Write("token", "first\n") } });
        await client.GetAsync(Map, Token);

        Write("token", "second\n");
        Server.Access.RevokeToken("first");
        await client.GetAsync(Map, Token);

        Server.Calls.Select(call => (call.User, call.Status)).ShouldBe([("a", 200), ("b", 200)]);
    }

    [Fact]
    public async Task TokenFile_GoneOrEmpty_SaysWhichFile()
    {
        var path = Write("token", "a");
        var client = Connect(Options(null) with { Credential = new CredentialOptions { TokenFile = path } });
        Write("token", "\n");
        var empty = await FailureAsync(() => client.GetAsync(Map, Token));
        File.Delete(path);
        var gone = await FailureAsync(() => client.GetAsync(Map, Token));

        empty.Fault.ShouldBe(KubernetesFault.Credential);
        empty.Message.ShouldContain($"{path} of the options is empty");
        gone.Message.ShouldContain("cannot be read");
    }

    [Fact]
    public async Task Exec_Token_KeptUntilItExpires()
    {
        Server.Cluster.Create("configmaps", Objects.ConfigMap("c"));
        var runs = Path.Combine(Folder, "runs");
        var client = Connect(Plugin($$$"""
            echo run >> {{{runs}}}
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"{{{Server.Access.AdminToken}}}","expirationTimestamp":"{{{Time.GetUtcNow().AddHours(1):yyyy-MM-ddTHH:mm:ssZ}}}"}}'
            """));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetAsync(Map, Token)));
        File.ReadAllLines(runs).Length.ShouldBe(1);
        Time.Advance(TimeSpan.FromMinutes(60));
        await client.GetAsync(Map, Token);

        File.ReadAllLines(runs).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Exec_TokenRefused_RunAgainOnce()
    {
        Server.Cluster.Create("configmaps", Objects.ConfigMap("c"));
        var marker = Path.Combine(Folder, "marker");
        var client = Connect(Plugin($$$"""
            if [ -e {{{marker}}} ]; then token={{{Server.Access.AdminToken}}}; else token=stale; touch {{{marker}}}; fi
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$token"
            """));

        await client.GetAsync(Map, Token);

        Server.Calls.Select(call => call.Status).ShouldBe([401, 200]);
    }

    [Fact]
    public async Task Exec_ArgumentsAndEnvironment_PassedAsTheyAre()
    {
        var seen = Path.Combine(Folder, "seen");
        var options = Plugin($$$"""
            printf '%s|%s|%s' "$1" "$2" "$KUBERNETES_EXEC_INFO" > {{{seen}}}
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$EBB_TOKEN"
            """);
        var exec = options.Credential!.Exec! with
        {
            Arguments = ["two words", "$(id)"],
            Environment = new Dictionary<string, string> { ["EBB_TOKEN"] = Server.Access.AdminToken },
            ProvideClusterInfo = true,
        };
        Server.Cluster.Create("configmaps", Objects.ConfigMap("c"));

        await Connect(options with { Credential = new CredentialOptions { Exec = exec } }).GetAsync(Map, Token);

        var parts = File.ReadAllText(seen).Split('|');
        parts[0].ShouldBe("two words");
        parts[1].ShouldBe("$(id)");
        parts[2].ShouldContain("\"kind\":\"ExecCredential\"");
        parts[2].ShouldContain(Server.Address);
    }

    [Theory]
    [InlineData("echo token-of-mine >&2; exit 3", "ended with exit code 3: token-of-mine")]
    [InlineData("echo hello", "did not print an ExecCredential as JSON")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"a"}}'""", "printed a 'client.authentication.k8s.io/v1beta1 ExecCredential'")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'""", "neither a token nor a client certificate")]
    [InlineData("head -c 2000000 /dev/zero", "printed more than 1048576 bytes")]
    public async Task Exec_Fails_SaysHow(string script, string words)
    {
        var failure = await FailureAsync(() => Connect(Plugin(script)).GetAsync(Map, Token));

        failure.Fault.ShouldBe(KubernetesFault.Credential);
        failure.Message.ShouldContain(words);
    }

    [Fact]
    public async Task Exec_MoreOutputThanAPipeHolds_Read()
    {
        // A pipe holds 64 KiB on Linux: who waits for the end before reading waits for ever.
        Server.Cluster.Create("configmaps", Objects.ConfigMap("c"));
        var client = Connect(Plugin($$$"""
            head -c 300000 /dev/zero | tr '\0' 'x' >&2
            head -c 300000 /dev/zero | tr '\0' ' '
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"{{{Server.Access.AdminToken}}}"}}'
            """));

        (await client.GetAsync(Map, Token)).Metadata.Name.ShouldBe("c");
    }

    [Fact]
    public async Task Exec_TakesTooLong_EndedAndSaid()
    {
        var options = Plugin("sleep 600");
        var exec = options.Credential!.Exec! with { Timeout = TimeSpan.FromMilliseconds(200) };

        var failure = await FailureAsync(() => Connect(options with { Credential = new CredentialOptions { Exec = exec } }).GetAsync(Map, Token));

        failure.Message.ShouldContain("did not end within 0.2 s");
    }

    [Fact]
    public async Task Exec_NotInstalled_GivesTheHint()
    {
        var exec = new ExecOptions { ApiVersion = "client.authentication.k8s.io/v1", Command = "ebb-no-such-plugin", InstallHint = "Get it from the platform team." };

        var failure = await FailureAsync(() => Connect(Options(null) with { Credential = new CredentialOptions { Exec = exec } }).GetAsync(Map, Token));

        failure.Message.ShouldContain("Get it from the platform team.");
    }

    private KubernetesOptions Plugin(string script)
    {
        var path = Write("plugin", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        return Options(null) with { Credential = new CredentialOptions { Exec = new ExecOptions { ApiVersion = "client.authentication.k8s.io/v1", Command = path } } };
    }
}
