using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.Http;
using Ebb.TestServers.Git;

namespace Ebb.GitHosts.Tests;

/// <summary>A stand-in of one product with one repository, and the client of it.</summary>
internal sealed class HostUnderTest : IAsyncDisposable
{
    public const string Head = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";
    public const string Other = "0704fc5beccc0704fc5beccc0704fc5beccc0704";

    private readonly string _folder = Directory.CreateTempSubdirectory("ebb-git-host-").FullName;
    private readonly GitHostClients _clients;

    private HostUnderTest(string kind, GitHostServer server)
    {
        (Server, Kind) = (server, kind);
        State = server.Add(Uuids.Contains(kind) ? "4bc14d40-c903-45e2-872e-0462c7748079" : "4711", kind == "gitlab" ? "ours/web/shop" : kind == "azure-devops" ? "Our Project/The Shop" : "ours/shop");
        State.WithFile(Head, "values.yaml", "replicas: 1\n").WithFile(Head, "charts/a b/x+y.yaml", "x").Commits.Add(Other);
        Pull = State.Open(7, "preview/shop/basket", Head);
        GitHostNames.TryParse(kind, out var parsed).ShouldBeTrue();
        Options = new GitHostOptions
        {
            Name = "mine",
            Kind = parsed,
            Address = new Uri(kind == "azure-devops" ? $"{server.Address}/ours" : server.Address),
            TokenFile = WriteToken(server.Token),
            Resilience = new ResilienceOptions { MaxRetries = 2, BaseDelay = TimeSpan.FromMilliseconds(2), MaxRetryAfter = TimeSpan.FromSeconds(1), AttemptTimeout = TimeSpan.FromSeconds(30) },
        };
        _clients = new GitHostClients([Options], TimeProvider.System);
        Client = _clients.Find("mine", parsed)!;
    }

    private static string[] Uuids { get; } = ["bitbucket-cloud", "azure-devops"];

    public static TheoryData<string> Kinds { get; } = [.. GitHostNames.All];

    public string Kind { get; }

    public GitHostServer Server { get; }

    public GitRepositoryState State { get; }

    public GitPull Pull { get; }

    public GitHostOptions Options { get; }

    public IGitHost Client { get; }

    public GitRepository Repository => new() { Id = State.Id, FullName = State.FullName };

    public static async Task<HostUnderTest> StartAsync(string kind) => new(kind, kind switch
    {
        "github" => await GitHostServer.StartAsync<GitHubServer>(),
        "gitlab" => await GitHostServer.StartAsync<GitLabServer>(),
        "gitea" or "forgejo" => await GitHostServer.StartAsync<GiteaServer>(),
        "bitbucket-cloud" => await GitHostServer.StartAsync<BitbucketCloudServer>(),
        "bitbucket-server" => await GitHostServer.StartAsync<BitbucketServerServer>(),
        _ => await GitHostServer.StartAsync<AzureDevOpsServer>(),
    });

    public string WriteToken(string token)
    {
        var path = Path.Combine(_folder, "token");
        File.WriteAllText(path, token + "\n");
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
