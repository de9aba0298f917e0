using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Contracts;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Reaping;
using Ebb.Storage;
using Ebb.TestServers.Git;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;
using Ebb.TestServers.Registry;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.PrPreview.Tests.Servers;

/// <summary>The worker as it is, against a cluster with Argo CD, a Git host and a registry that speak their protocols.</summary>
internal sealed class PreviewBench : IAsyncDisposable
{
    public const string RepositoryId = "42";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-previews-");
    private readonly Dictionary<string, string?> _settings;
    private RunningHost? _host;

    private PreviewBench(KubernetesApiServer api, GiteaServer git, FaultyRegistry registry, Dictionary<string, string?> settings)
    {
        (Api, Git, Registry, _settings) = (api, git, registry, settings);
        Argo = new ArgoCdController(api.Cluster, TimeProvider.System);
        Repository = git.Add(RepositoryId, "acme/shop");
        registry.Robots.Clock = Time;
    }

    /// <summary>Whether the worker has credentials for the host.</summary>
    public bool CanAsk { get; private init; }

    public KubernetesApiServer Api { get; }

    public TestServers.Kubernetes.Cluster Cluster => Api.Cluster;

    public ArgoCdController Argo { get; }

    public GiteaServer Git { get; }

    public GitRepositoryState Repository { get; }

    public FaultyRegistry Registry { get; }

    public MovedTime Time { get; } = new();

    public IHostStorage Storage => _host!.Services.GetRequiredService<IHostStorage>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts everything. Settings are those of the section <c>PrPreview</c>, or of <c>RabbitMQ</c>; <c>Git</c> without credentials for the host when <paramref name="canAsk"/> is false.</summary>
    public static Task<PreviewBench> StartAsync(bool canAsk = true, bool start = true, params (string Key, string? Value)[] settings) =>
        StartAsync(new RegistryBehaviour(), canAsk, start, settings);

    /// <summary>The same with less time for telling.</summary>
    public static Task<PreviewBench> StartAsync(TimeSpan telling) => StartAsync(new RegistryBehaviour(), canAsk: true, start: true, [], telling);

    /// <summary>The same with a Harbor, where each preview has a robot account to pull with.</summary>
    public static Task<PreviewBench> StartWithRobotsAsync(params (string Key, string? Value)[] settings) => StartAsync(
        new RegistryBehaviour { HarborProjects = ["library", "acme"] }, canAsk: true, start: true,
        [("PullSecret", null), ("HarborRobot:Project", "acme"), ("HarborRobot:Username", "robot-maker"), .. settings]);

    private static async Task<PreviewBench> StartAsync(RegistryBehaviour behaviour, bool canAsk, bool start, (string Key, string? Value)[] settings, TimeSpan? telling = null)
    {
        var api = await KubernetesApiServer.StartAsync();
        var bench = new PreviewBench(api, await GitHostServer.StartAsync<GiteaServer>(), await FaultyRegistry.StartAsync(behaviour), new(Sample.Settings)) { CanAsk = canAsk, Telling = telling };
        Definitions.Load(api.Cluster);
        api.Access.AddToken("worker", "pr-preview", Rights());
        bench.Create("namespaces", null, "argocd");
        bench.Create("namespaces", null, "ebb");
        bench.Create("appprojects", "argocd", "previews", ("spec", new JsonObject()));
        bench.Create("secrets", "ebb", "preview-pull-source", ("type", "kubernetes.io/dockerconfigjson"), ("data", new JsonObject { [".dockerconfigjson"] = "e30=" }));
        bench._settings["PrPreview:Image"] = $"{bench.Registry.Host}/{{owner}}/{{app}}";
        bench._settings["PrPreview:ReapSchedule"] = "0 0 0 1 1 *";
        bench._settings["Kubernetes:KubeConfig"] = bench.WriteFile("kubeconfig", KubeConfig(api.Address));
        foreach (var (key, value) in settings)
        {
            bench._settings[key.StartsWith("RabbitMQ:", StringComparison.Ordinal) ? key : $"PrPreview:{key}"] = value;
        }

        if (behaviour.HarborProjects is not null)
        {
            bench._settings.TryAdd("PrPreview:HarborRobot:PasswordFile", bench.WriteFile("robot-maker", bench.Registry.Robots.Admin.Password + "\n"));
        }

        if (canAsk)
        {
            bench._settings["Git:Hosts:gitea:Address"] = bench.Git.Address;
            bench._settings["Git:Hosts:gitea:TokenFile"] = bench.WriteFile("git-token", bench.Git.Token);
        }

        if (start)
        {
            await bench.StartWorkerAsync();
        }

        return bench;
    }

    public async Task StartWorkerAsync() => _host = await FunctionHost.StartAsync(
        [
            "--urls=http://127.0.0.1:0", $"--Storage=sqlite:{Path.Combine(_folder.FullName, "storage")}/ebb.db", $"--FunctionKeys:Directory={_folder.FullName}/no-keys",
            .. _settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        ],
        [new QuickPreviewApp(Telling)],
        new HostEnvironment { WorkingDirectory = _folder.FullName, LoggerProvider = Logs, Time = Time, Output = TextWriter.Null },
        Token);

    /// <summary>Changes a setting of the section <c>PrPreview</c>; the next worker has it.</summary>
    public void Set(string key, string? value) => _settings[$"PrPreview:{key}"] = value;

    /// <summary>Changes the password in the file of the account that makes robots.</summary>
    public void WriteRobotPassword(string password) => WriteFile("robot-maker", password);

    public CollectedLogs Logs { get; } = new();

    /// <summary>How long the worker takes for telling; null: as long as ever.</summary>
    public TimeSpan? Telling { get; init; }

    /// <summary>Stops the worker; what it worked on is handed back as at a shutdown, or as after its death where it does not end.</summary>
    public async Task StopWorkerAsync()
    {
        await _host!.DisposeAsync();
        _host = null;
    }

    public void Push(string app, string sha) => Registry.Add($"acme/{app}", TestImage.Create(1, ["amd64"], [100]), sha);

    /// <summary>Opens a pull request whose image and values are there.</summary>
    public GitPull Open(int number = 7, string app = "shop", string sha = Sample.Sha, string? values = "logLevel: debug\n", bool pushed = true)
    {
        if (pushed)
        {
            Push(app, sha);
        }

        lock (Git.Gate)
        {
            if (values is not null)
            {
                Repository.WithFile(sha, "values.yaml", values);
            }

            return Repository.Open(number, $"preview/{app}/x", sha);
        }
    }

    public void Change(GitPull pull, Action<GitPull> change)
    {
        lock (Git.Gate)
        {
            change(pull);
            Repository.Commits.Add(pull.Head);
            pull.UpdatedAt += TimeSpan.FromSeconds(1);
        }
    }

    /// <summary>What the door accepts for it.</summary>
    public async Task<RunId> SendAsync(GitPull pull, PullRequestAction action = PullRequestAction.Opened) => await SendAsync(EventOf(pull, action));

    public async Task<RunId> SendAsync(PullRequestEvent @event) => (await Storage.Queues.EnqueueAsync(
        new EnqueueRequest
        {
            Queue = Queues.PullRequests,
            Body = JsonSerializer.Serialize(@event, ContractsJson.Default.PullRequestEvent),
            SequenceKey = @event.Key,
            SupersedesWaiting = true,
        },
        Token)).RunId;

    public PullRequestEvent EventOf(GitPull pull, PullRequestAction action)
    {
        lock (Git.Gate)
        {
            return Sample.Event(
                pull.Number, pull.SourceBranch, pull.Head,
                pull.State switch { "open" => PullRequestState.Open, "merged" => PullRequestState.Merged, _ => PullRequestState.Closed },
                action, fork: pull.SourceRepository != Repository) with
            {
                UpdatedAt = pull.UpdatedAt,
                ReceivedAt = Time.GetUtcNow(),
                Labels = [.. pull.Labels],
            };
        }
    }

    public async Task<RunId> AskAsync(PreviewRequest request) => (await Storage.Queues.EnqueueAsync(
        new EnqueueRequest { Queue = Queues.Previews, Body = JsonSerializer.Serialize(request, ContractsJson.Default.PreviewRequest) }, Token)).RunId;

    /// <summary>A pull request whose preview is ready.</summary>
    public async Task<GitPull> ReadyAsync()
    {
        var pull = Open();
        (await ReportOfAsync(await SendAsync(pull))).Outcome.ShouldBe(PreviewOutcome.Ready);
        return pull;
    }

    /// <summary>Runs the reaper, by hand or as its schedule does.</summary>
    public async Task<ReapReport> ReapAsync(DateTimeOffset? next = null)
    {
        var body = next is { } at ? new JsonObject { ["scheduleStatus"] = new JsonObject { ["next"] = at } } : [];
        var run = await EndOfReapingAsync(body);
        run.State.ShouldBe(RunState.Succeeded, run.Error?.Message);
        return JsonSerializer.Deserialize(run.Result!, PreviewJson.Default.ReapReport)!;
    }

    /// <summary>The end of a run of the reaper.</summary>
    public async Task<Run> EndOfReapingAsync(JsonObject? body = null)
    {
        var accepted = await Storage.Queues.EnqueueAsync(
            new EnqueueRequest { Queue = "$timer-ReapPreviews", Body = (body ?? []).ToJsonString(), Trigger = TriggerKind.Manual, Function = "ReapPreviews" }, Token);
        return await EndOfAsync(accepted.RunId);
    }

    /// <summary>The end of a run.</summary>
    public async Task<Run> EndOfAsync(RunId run, TimeSpan? patience = null)
    {
        var ended = await Storage.Runs.WaitAsync(run, patience ?? Patience, Token);
        ended!.IsFinal.ShouldBeTrue($"run {run} is {ended.State}, {ended.Progress}, {ended.Error}");
        return ended;
    }

    /// <summary>The report of a run that succeeded.</summary>
    public async Task<PreviewReport> ReportOfAsync(RunId run)
    {
        var ended = await EndOfAsync(run);
        ended.State.ShouldBe(RunState.Succeeded, ended.Error?.Message);
        return JsonSerializer.Deserialize(ended.Result!, PreviewJson.Default.PreviewReport)!;
    }

    /// <summary>The run when it is as it should be.</summary>
    public async Task<Run> UntilRunAsync(RunId run, Func<Run, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        while (true)
        {
            if (await Storage.Runs.GetAsync(run, Token) is { } found && condition(found))
            {
                return found;
            }

            limit.IsCancellationRequested.ShouldBeFalse($"the run is {(await Storage.Runs.GetAsync(run, Token))?.State}");
            await Task.Delay(10, Token);
        }
    }

    /// <summary>The preview when it is as it should be.</summary>
    public async Task<Preview> UntilAsync(string name, Func<Preview, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        Preview? last = null;
        while (true)
        {
            last = await FindAsync(name) ?? last;
            if (last is not null && condition(last))
            {
                return last;
            }

            limit.IsCancellationRequested.ShouldBeFalse($"{name} is {last?.State}: {last?.Cause}");
            await Task.Delay(10, Token);
        }
    }

    public async Task<Preview?> FindAsync(string name) =>
        await Storage.Documents.GetAsync(Preview.KeyPrefix + name, Token) is { } document ? JsonSerializer.Deserialize(document.Value, ContractsJson.Default.Preview) : null;

    /// <summary>Whether nothing of a preview is in the cluster.</summary>
    public bool IsGone(string name) => Cluster.Find("namespaces", null, name) is null && Cluster.Find("applications", "argocd", name) is null;

    public JsonObject Values(string name) =>
        JsonNode.Parse(Cluster.Get("applications", "argocd", name)["spec"]!["source"]!["helm"]!["values"]!.GetValue<string>())!.AsObject();

    /// <summary>Waits until our comment says something.</summary>
    public async Task UntilCommentAsync(string text)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        while (Comment()?.Contains(text, StringComparison.Ordinal) is not true)
        {
            limit.IsCancellationRequested.ShouldBeFalse($"The comment is: {Comment()}");
            await Task.Delay(10, Token);
        }
    }

    /// <summary>What our comment says; null when there is none.</summary>
    public string? Comment(int number = 7)
    {
        lock (Git.Gate)
        {
            return Repository.Comments.SingleOrDefault(comment => comment.Pull == number)?.Body;
        }
    }

    public void Create(string plural, string? ns, string name, params (string Key, JsonNode Value)[] members)
    {
        var item = new JsonObject { ["metadata"] = ns is null ? new JsonObject { ["name"] = name } : new JsonObject { ["name"] = name, ["namespace"] = ns } };
        foreach (var (key, value) in members)
        {
            item[key] = value;
        }

        Cluster.Create(plural, item);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        await Argo.DisposeAsync();
        await Api.DisposeAsync();
        await Git.DisposeAsync();
        await Registry.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Exactly what the manifests grant.</summary>
    private static ApiRule[] Rights()
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationBuilder();
        return [.. ClusterNeeds.Of(Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(configuration, Sample.Settings).Build()).Rights
            .SelectMany(right => right.Resources.Select(resource => new ApiRule(
                string.Join(',', right.Verbs), right.ApiGroup.Length == 0 ? resource : $"{resource}.{right.ApiGroup}",
                right.Namespace == KubernetesRight.EveryNamespace ? null : right.Namespace)))];
    }

    private string WriteFile(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static string KubeConfig(string server) => $$$"""
        {"apiVersion":"v1","kind":"Config","current-context":"test","contexts":[{"name":"test","context":{"cluster":"test","user":"test"}}],
         "clusters":[{"name":"test","cluster":{"server":"{{{server}}}"}}],"users":[{"name":"test","user":{"token":"worker"}}]}
        """;
}
