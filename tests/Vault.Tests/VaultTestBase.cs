using Ebb.Http;
using Ebb.TestServers.Vault;

namespace Ebb.Vault.Tests;

/// <summary>A server of its own, a shifted clock and a folder for each test.</summary>
public abstract class VaultTestBase : IAsyncLifetime
{
    internal const string SignPolicy = "update transit/sign/*";
    internal const string ReadPolicy = "read transit/keys/*";

    private readonly List<VaultClient> _clients = [];

    internal ShiftedTime Time { get; } = new();

    internal VaultServer Server { get; private set; } = null!;

    internal string Folder { get; } = Directory.CreateTempSubdirectory("ebb-vault-").FullName;

    public async ValueTask InitializeAsync() => Server = await VaultServer.StartAsync(Time);

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal VaultOptions Options => new()
    {
        Address = Server.Address,
        Resilience = new ResilienceOptions { MaxRetries = 3, BaseDelay = TimeSpan.FromMilliseconds(5), AttemptTimeout = TimeSpan.FromSeconds(30) },
    };

    internal VaultClient Client(VaultOptions options)
    {
        var client = new VaultClient(options, Time);
        _clients.Add(client);
        return client;
    }

    internal VaultClient ClientWithToken(params string[] policies) => Client(Options with { Token = Server.Tokens.Create(policies: policies).Value });

    internal string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    internal VaultOptions AppRole(string roleId = "role", string secretId = "secret") => Options with
    {
        AppRole = new AppRoleLoginOptions { RoleIdFile = Write("role", roleId + "\n"), SecretIdFile = Write("secret", secretId + "\n") },
    };

    internal int Count(string request) => Server.Requests.Count(made => made == request);
}
