using Ebb.Contracts.Secrets;
using Ebb.Http;
using Ebb.Kubernetes;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;
using Ebb.Storage;
using Ebb.Storage.Exclusion;
using Ebb.TestServers.Vault;
using Ebb.Vault;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Tests.Servers;

/// <summary>The app's own services over a Vault stand-in and host storage in a directory of its own.</summary>
internal sealed class BumpBench : IAsyncDisposable
{
    private const string SecretId = "a-secret-id-only-for-this-test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-bumps-");
    private readonly Dictionary<string, string?> _settings;
    private readonly TimeProvider _time;
    private int _runs;

    private BumpBench(VaultServer vault, Dictionary<string, string?> settings, TimeProvider time) => (Vault, _settings, _time) = (vault, settings, time);

    public VaultServer Vault { get; }

    public IHostStorage Storage { get; private set; } = null!;

    public ServiceProvider Services { get; private set; } = null!;

    public CollectedLogs Logs { get; } = new();

    /// <summary>Where host storage keeps its files.</summary>
    public string StorageFolder => Path.Combine(_folder.FullName, "storage");

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Policies of the login, those that the guide has people write; a test may start with fewer.</summary>
    public static IReadOnlyList<string> AllPolicies => DocumentedPolicy.Lines;

    public static Task<BumpBench> StartAsync(params (string Key, string Value)[] settings) => StartAsync(AllPolicies, settings);

    public static Task<BumpBench> StartAsync(IReadOnlyList<string> policies, params (string Key, string Value)[] settings) => StartAsync(policies, TimeProvider.System, settings);

    /// <summary>The app on another clock than its servers.</summary>
    public static Task<BumpBench> StartAsync(TimeProvider time) => StartAsync(AllPolicies, time, []);

    private static async Task<BumpBench> StartAsync(IReadOnlyList<string> policies, TimeProvider time, (string Key, string Value)[] settings)
    {
        var vault = await VaultServer.StartAsync();
        vault.Auth.AddAppRole("ebb", SecretId, TimeSpan.FromHours(1), null, [.. policies]);
        vault.KeyValue();
        var bench = new BumpBench(vault, settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value), time);
        bench.Write("role-id", "ebb");
        bench.Write("secret-id", SecretId);
        await bench.OpenAsync();
        return bench;
    }

    public static string PathOf(string application, string environment = "dev") => $"application/{application}/{environment}/docker";

    /// <summary>What a process that was killed leaves to its successor: the servers and the files.</summary>
    public async Task RestartAsync()
    {
        await Services.DisposeAsync();
        await Storage.DisposeAsync();
        await OpenAsync();
    }

    public Task<ChangeReport> BumpAsync(string application, string tag, params string[] environments) =>
        RunAsync(new BumpRequest { Application = application, NewTag = tag, Environments = environments.Length == 0 ? ["dev"] : environments });

    public Task<ChangeReport> RunAsync(SecretChange change, string by = "ci", string? run = null, CancellationToken cancellationToken = default) =>
        Services.GetRequiredService<ChangeEngine>().RunAsync(
            change, run ?? $"run-{Interlocked.Increment(ref _runs)}", by, _ => { }, cancellationToken == default ? Token : cancellationToken);

    /// <summary>The only environment of a report.</summary>
    public async Task<EnvironmentReport> OneAsync(SecretChange change, string by = "ci", string? run = null) => (await RunAsync(change, by, run)).Environments.ShouldHaveSingleItem();

    /// <summary>What is left when Ebb's own store was lost and the store of secrets was not.</summary>
    public async Task ForgetAsync(string application, string environment)
    {
        var stored = (await Storage.Documents.GetAsync(EnvironmentDocument.KeyOf(application, environment), Token))!;
        await Storage.Documents.DeleteAsync(stored.Key, stored.Version, Token);
    }

    public Task<EnvironmentDocument> KnownAsync(string application, string environment = "dev") =>
        Services.GetRequiredService<EnvironmentMemory>().ReadAsync(SecretPlace.Parse(application, environment), Token);

    public string? TagOf(string application, string environment = "dev") => (string?)Vault.KeyValue().Data(PathOf(application, environment))?["METADATA_TAG"];

    /// <summary>The next write of a secret's data is made, and the link is cut before its answer.</summary>
    public void LoseTheNextWritesAnswer(string path)
    {
        var lost = 0;
        Vault.Around = async (context, answer) =>
        {
            var isOurs = context.Request.Method is "PATCH" or "POST" or "PUT" && context.Request.Path.Value == $"/v1/kvv2/data/{path}";
            if (!isOurs || Interlocked.Exchange(ref lost, 1) == 1)
            {
                await answer();
                return;
            }

            // Held back, else it may be out already.
            context.Response.Body = new MemoryStream();
            await answer();
            context.Abort();
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Storage.DisposeAsync();
        await Vault.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task OpenAsync()
    {
        Storage = await HostStorage.OpenAsync(new HostStorageOptions { Storage = $"sqlite:{StorageFolder}/ebb.db" }, TimeProvider.System, LoggerFactory.Create(logs => logs.AddProvider(Logs)), Token);
        Services = BuildServices([]);
    }

    /// <summary>The services of a process over the same host storage.</summary>
    public ServiceProvider BuildServices(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Vault:Address"] = Vault.Address,
            ["Vault:AppRole:RoleIdFile"] = Path.Combine(_folder.FullName, "role-id"),
            ["Vault:AppRole:SecretIdFile"] = Path.Combine(_folder.FullName, "secret-id"),
        }).AddInMemoryCollection(_settings).AddInMemoryCollection(settings).Build();
        new SecretBumpApp().Validate(configuration).ShouldBeEmpty();
        var services = new ServiceCollection();
        services.AddLogging(logs => logs.AddProvider(Logs).SetMinimumLevel(LogLevel.Debug));
        services.AddSingleton(_time);
        new SecretBumpApp().ConfigureServices(services, configuration);
        services.AddSingleton(Storage);
        // On the clock of host storage, whatever the app's own is.
        services.AddSingleton(provider => new ExclusiveKeys(Storage, TimeProvider.System, provider.GetRequiredService<ILogger<ExclusiveKeys>>()));
        // As configured, but soon tired.
        var quick = new ResilienceOptions { MaxRetries = 1, BaseDelay = TimeSpan.FromMilliseconds(5), AttemptTimeout = TimeSpan.FromSeconds(30) };
        services.AddSingleton(new VaultClient(VaultOptions.From(configuration) with { Resilience = quick }, TimeProvider.System));
        if (configuration["Kubernetes:KubeConfig"] is not null)
        {
            services.AddSingleton(new Lazy<KubernetesClient>(() => new KubernetesClient(KubernetesOptions.From(configuration) with { Resilience = quick }, TimeProvider.System)));
        }

        return services.BuildServiceProvider();
    }

    public string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
