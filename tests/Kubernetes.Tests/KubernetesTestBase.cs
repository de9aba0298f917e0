using System.Text.Json.Nodes;
using Ebb.Http;
using Ebb.TestServers.Kubernetes;

namespace Ebb.Kubernetes.Tests;

/// <summary>A server of its own, a shifted clock and a folder for each test.</summary>
public abstract class KubernetesTestBase : IAsyncLifetime
{
    internal const string Team = "shop";

    private readonly List<KubernetesClient> _clients = [];

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    internal ShiftedTime Time { get; } = new();

    internal virtual ApiTls? Tls => null;

    internal virtual string? Authority => null;

    internal KubernetesApiServer Server { get; private set; } = null!;

    internal KubernetesClient Client { get; private set; } = null!;

    internal string Folder { get; } = Directory.CreateTempSubdirectory("ebb-kubernetes-").FullName;

    public async ValueTask InitializeAsync()
    {
        Server = await KubernetesApiServer.StartAsync(Tls);
        Client = Connect(Options(Server.Access.AdminToken));
        Server.Cluster.Create("namespaces", Objects.Named(Team));
        Server.ForgetCalls();
    }

    public virtual async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal KubernetesOptions Options(string? token) => new()
    {
        Server = Server.Address,
        CaFile = Authority,
        Credential = token is null ? null : new CredentialOptions { Token = token },
        Resilience = new ResilienceOptions { MaxRetries = 3, BaseDelay = TimeSpan.FromMilliseconds(5), AttemptTimeout = TimeSpan.FromSeconds(30) },
    };

    internal KubernetesClient Connect(KubernetesOptions options)
    {
        var client = new KubernetesClient(options, Time);
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that may do only this.</summary>
    internal KubernetesClient Allowed(params ApiRule[] rules)
    {
        var token = Guid.NewGuid().ToString("N");
        Server.Access.AddToken(token, "system:serviceaccount:ebb:worker", rules);
        return Connect(Options(token));
    }

    internal string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    internal static async Task<KubernetesException> FailureAsync(Func<Task> act) => await Should.ThrowAsync<KubernetesException>(act);

    internal Task<ApplyResult> ApplyAsync(JsonObject item, ResourceType type, ApplyOptions? options = null) => Client.ApplyAsync(type, item, options, Token);
}
