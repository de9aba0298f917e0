using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.RabbitMQ;

namespace Ebb.Kubernetes.Tests;

public sealed class TlsTests : IAsyncLifetime
{
    private readonly TlsFiles _files = new();
    private readonly TlsFiles _others = new();
    private readonly List<KubernetesClient> _clients = [];
    private KubernetesApiServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        var tls = new ApiTls(X509Certificate2.CreateFromPemFile(_files.Certificate, _files.Key), X509CertificateLoader.LoadCertificateFromFile(_files.Authority));
        _server = await KubernetesApiServer.StartAsync(tls);
        _server.Access.AddCertificateUser("client", new ApiRule("get", "namespaces"));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _server.DisposeAsync();
        _files.Dispose();
        _others.Dispose();
    }

    [Fact]
    public async Task Authority_FileOrText_ConnectsAndAnotherDoesNot()
    {
        var token = new CredentialOptions { Token = _server.Access.AdminToken };
        await ReadAsync(Options with { CaFile = _files.Authority, Credential = token });
        await ReadAsync(Options with { CaPem = File.ReadAllText(_files.Authority), Credential = token });
        await ReadAsync(Options with { Insecure = true, Credential = token });
        var failure = await Should.ThrowAsync<KubernetesException>(() => ReadAsync(Options with { CaFile = _others.Authority, Credential = token }));
        var system = await Should.ThrowAsync<KubernetesException>(() => ReadAsync(Options with { Credential = token }));

        failure.Fault.ShouldBe(KubernetesFault.Tls);
        system.Fault.ShouldBe(KubernetesFault.Tls);
    }

    [Fact]
    public async Task Authority_FileReplacedUnderARunningClient_TheNextConnectionGoesByIt()
    {
        var path = Path.Combine(Path.GetDirectoryName(_files.Authority)!, "rotating.pem");
        File.Copy(_others.Authority, path);
        var client = Connect(Options with { CaFile = path, Credential = new CredentialOptions { Token = _server.Access.AdminToken } });
        var before = await Should.ThrowAsync<KubernetesException>(() => ReadAsync(client));

        File.Copy(_files.Authority, path, overwrite: true);
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        await ReadAsync(client);

        before.Fault.ShouldBe(KubernetesFault.Tls);
    }

    [Fact]
    public async Task ClientCertificate_FilesOrText_SaysWhoAsks()
    {
        var options = Options with { CaFile = _files.Authority };
        await ReadAsync(options with { Credential = new CredentialOptions { CertificateFile = _files.ClientCertificate, KeyFile = _files.ClientKey } });
        await ReadAsync(options with { Credential = new CredentialOptions { CertificatePem = File.ReadAllText(_files.ClientCertificate), KeyPem = File.ReadAllText(_files.ClientKey) } });
        var failure = await Should.ThrowAsync<KubernetesException>(() => ReadAsync(options));

        _server.Calls.Take(2).Select(call => call.User).ShouldBe(["client", "client"]);
        failure.Fault.ShouldBe(KubernetesFault.Unauthorized);
    }

    [Fact]
    public async Task ClientCertificate_NotItsKey_SaidWithoutTheKey()
    {
        var credential = new CredentialOptions { CertificatePem = File.ReadAllText(_files.ClientCertificate), KeyPem = File.ReadAllText(_others.ClientKey) };

        var failure = await Should.ThrowAsync<KubernetesException>(() => ReadAsync(Options with { CaFile = _files.Authority, Credential = credential }));

        failure.Fault.ShouldBe(KubernetesFault.Credential);
        failure.ToString().ShouldNotContain("PRIVATE KEY");
    }

    [Fact]
    public async Task KubeConfig_InlineEverything_Connects()
    {
        var path = Path.Combine(Path.GetDirectoryName(_files.Authority)!, "config");
        File.WriteAllText(path, $$$"""
            apiVersion: v1
            kind: Config
            current-context: here
            contexts:
            - {name: here, context: {cluster: here, user: me, namespace: shop}}
            clusters:
            - name: here
              cluster:
                server: {{{_server.Address}}}
                certificate-authority-data: {{{Base64(_files.Authority)}}}
            users:
            - name: me
              user:
                client-certificate-data: {{{Base64(_files.ClientCertificate)}}}
                client-key-data: {{{Base64(_files.ClientKey)}}}
            """);
        var configuration = ConfigurationTests.Configuration(("Kubernetes:KubeConfig", path));

        await ReadAsync(KubernetesOptions.From(configuration));

        _server.Calls.Last().User.ShouldBe("client");
    }

    private KubernetesOptions Options => new() { Server = _server.Address };

    private static string Base64(string file) => Convert.ToBase64String(Encoding.UTF8.GetBytes(File.ReadAllText(file)));

    private Task<KubernetesObject> ReadAsync(KubernetesOptions options) => ReadAsync(Connect(options));

    private static Task<KubernetesObject> ReadAsync(KubernetesClient client) =>
        client.GetAsync(ResourceTypes.Namespaces.Named("default"), TestContext.Current.CancellationToken);

    private KubernetesClient Connect(KubernetesOptions options)
    {
        var client = new KubernetesClient(options, TimeProvider.System);
        _clients.Add(client);
        return client;
    }
}
