using Microsoft.Extensions.Configuration;

namespace Ebb.Kubernetes.Tests;

public sealed class ConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ebb-kubeconfig-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();

    [Fact]
    public void InCluster_ServiceAccount_TakesItsFiles()
    {
        Write("token", "t");
        Write("ca.crt", "c");
        Write("namespace", "ebb\n");
        var options = KubernetesOptions.From(Configuration(
            ("KUBERNETES_SERVICE_HOST", "fd00::1"), ("KUBERNETES_SERVICE_PORT", "443"), ("Kubernetes:ServiceAccountFolder", _folder), ("Kubernetes:FieldManager", "me")));

        options.Server.ShouldBe("https://[fd00::1]:443");
        options.CaFile.ShouldBe(Path.Combine(_folder, "ca.crt"));
        options.Credential!.TokenFile.ShouldBe(Path.Combine(_folder, "token"));
        options.Namespace.ShouldBe("ebb");
        options.FieldManager.ShouldBe("me");
        KubernetesOptionsValidator.Validate(options).ShouldBeEmpty();
    }

    [Fact]
    public void KubeConfig_SeveralFiles_FirstNameWinsAndPathsCountFromTheirFile()
    {
        var first = Write("a/config", """
            current-context: dev
            contexts: [{name: dev, context: {cluster: dev, user: dev}}]
            users: [{name: dev, user: {tokenFile: token}}]
            """);
        var second = Write("b/config", """
            current-context: other
            clusters: [{name: dev, cluster: {server: "https://dev:6443", certificate-authority: pki/ca.crt, tls-server-name: api}}]
            users: [{name: dev, user: {token: "no"}}]
            """);

        var options = Read(first + Path.PathSeparator + Path.Combine(_folder, "missing") + Path.PathSeparator + second);

        options.Server.ShouldBe("https://dev:6443");
        options.CaFile.ShouldBe(Path.Combine(_folder, "b", "pki", "ca.crt"));
        options.TlsServerName.ShouldBe("api");
        options.Credential!.TokenFile.ShouldBe(Path.Combine(_folder, "a", "token"));
        options.Credential.Token.ShouldBeNull();
        options.Source.ShouldBe($"the context dev of {first}");
    }

    [Fact]
    public void KubeConfig_Exec_ReadAsItIs()
    {
        var path = Write("config", """
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://c"}}]
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1beta1
                  command: ./bin/login
                  args: [get token, "--x=1"]
                  env: [{name: A, value: b}]
                  provideClusterInfo: true
                  interactiveMode: IfAvailable
            """);

        var exec = Read(path).Credential!.Exec!;

        exec.Command.ShouldBe(Path.Combine(_folder, "bin", "login"));
        exec.Arguments.ShouldBe(["get token", "--x=1"]);
        exec.Environment["A"].ShouldBe("b");
        exec.ProvideClusterInfo.ShouldBeTrue();
    }

    [Theory]
    [InlineData("cluster: {server: 'https://c', insecure-skip-tls-verify: true}", "user: {}", "asks for insecure-skip-tls-verify")]
    [InlineData("cluster: {server: 'https://c', proxy-url: 'http://p'}", "user: {}", "proxy-url")]
    [InlineData("cluster: {server: 'https://c', certificate-authority-data: '*'}", "user: {}", "certificate-authority-data in the context c of")]
    [InlineData("cluster: {server: 'https://c'}", "user: {username: a, password: hunter2}", "user name and password")]
    [InlineData("cluster: {server: 'https://c'}", "user: {auth-provider: {name: oidc}}", "auth-provider")]
    [InlineData("cluster: {server: 'https://c'}", "user: {as: admin}", "acts as somebody else")]
    [InlineData("cluster: {server: 'https://c'}", "user: {exec: {apiVersion: v1, command: a, interactiveMode: Always}}", "interactiveMode Always")]
    [InlineData("cluster: {server: 'https://c'}", "user: {exec: {apiVersion: v1}}", "without a command")]
    [InlineData("other: {}", "user: {}", "has no cluster 'c'")]
    public void KubeConfig_WhatIsNotDone_SaidWithTheRemedy(string cluster, string user, string words)
    {
        var path = Write("config", $$$"""
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, {{{cluster}}}}]
            users: [{name: u, {{{user}}}}]
            """);

        var failure = Should.Throw<KubernetesException>(() => Read(path));

        failure.Fault.ShouldBe(KubernetesFault.Credential);
        failure.Message.ShouldContain(words);
        failure.Message.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("- a", "no mapping")]
    [InlineData("a: &x b", "an anchor")]
    [InlineData("a: b\n---\nc: d", "a second document")]
    [InlineData("a: b\na: c", "names a key a second time")]
    [InlineData("token: \"hunter2\n\tx: [", "no valid YAML at line")]
    public void KubeConfig_NotItsKindOfYaml_SaidWithoutQuotingIt(string content, string words)
    {
        var failure = Should.Throw<KubernetesException>(() => Read(Write("config", content)));

        failure.Message.ShouldContain(words);
        failure.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public void KubeConfig_NoContext_SaysSo() =>
        Should.Throw<KubernetesException>(() => Read(Write("config", "contexts: []"))).Message.ShouldContain("names no current-context");

    [Fact]
    public void Validate_ManyProblems_AllAtOnce()
    {
        var options = new KubernetesOptions
        {
            Server = "http://example.com",
            CaFile = "/nowhere/ca.crt",
            FieldManager = "",
            Namespace = "Not-One",
            WatchDuration = TimeSpan.Zero,
            Credential = new CredentialOptions { TokenFile = "/nowhere/token", CertificatePem = "x", Exec = new ExecOptions { ApiVersion = "v2", Command = "a" } },
        };

        var problems = Should.Throw<ArgumentException>(() => new KubernetesClient(options, TimeProvider.System).Dispose()).Message;

        foreach (var words in new[] { "unencrypted", "/nowhere/ca.crt", "FieldManager", "Not-One", "WatchDuration", "/nowhere/token", "without its key", "exec plugin and another", "speaks 'v2'" })
        {
            problems.ShouldContain(words);
        }
    }

    private static KubernetesOptions Read(string places) => KubernetesOptions.From(Configuration(("Kubernetes:KubeConfig", places)));

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
