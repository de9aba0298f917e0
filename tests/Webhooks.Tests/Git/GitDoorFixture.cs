using System.Text;
using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Contracts.PullRequests;
using Ebb.Storage;
using Ebb.TestServers.Git;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.Webhooks.Tests.Git;

/// <summary>The real door over HTTP with file storage and a hook for each host, named as the host.</summary>
public sealed class GitDoorFixture : IAsyncLifetime
{
    private static readonly string[] Hosts = ["github", "gitlab", "gitea", "forgejo", "bitbucket-cloud", "bitbucket-server", "azure-devops"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-git-door-");

    public HttpClient Http { get; } = new();

    public LogLines Log { get; } = new();

    internal RunningHost Host { get; private set; } = null!;

    internal IHostStorage Storage => Host.Services.GetRequiredService<IHostStorage>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _folder.CreateSubdirectory("secrets");
        foreach (var host in Hosts)
        {
            WriteSecret($"{host}.current", Secret(host) + "\n");
        }

        WriteSecret("signed.current", SigningToken);
        WriteSecret("header.current", Secret("header"));
        WriteSecret("some.current", Secret("some"));
        WriteSecret("short.current", "too short");
        Host = await FunctionHost.StartAsync(
            [
                "--urls=http://127.0.0.1:0", $"--Storage=sqlite:{Path.Combine(_folder.FullName, "storage")}/ebb.db", $"--FunctionKeys:Directory={_folder.FullName}/no-keys",
                $"--Git:WebhookSecrets={_folder.FullName}/secrets", .. Hosts.Select(host => $"--Git:Hooks:{host}:Host={host}"),
                "--Git:Hooks:signed:Host=gitlab", "--Git:Hooks:signed:Server=gitlab-on-site", "--Git:Hooks:header:Host=azure-devops", "--Git:Hooks:header:Header=X-Ebb-Secret",
                "--Git:Hooks:some:Host=github", "--Git:Hooks:some:Repositories:0=other/*", "--Git:Hooks:some:Repositories:1=Ours/one",
                "--Git:Hooks:short:Host=github", "--Git:Hooks:bare:Host=github", "--Git:MaxBodyBytes=131072",
            ],
            [new WebhooksApp()],
            new HostEnvironment { WorkingDirectory = _folder.FullName, LoggerProvider = Log },
            Token);
        Http.BaseAddress = Host.Addresses[0];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A signing token of GitLab.</summary>
    public static string SigningToken { get; } = $"whsec_{Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray())}";

    public static string Secret(string hook) => $"a-long-secret-of-the-hook-{hook}";

    /// <summary>Writes or replaces a secret's file, as a rotation does.</summary>
    public void WriteSecret(string name, string content) => File.WriteAllText(Path.Combine(_folder.FullName, "secrets", name), content);

    public Task<HttpResponseMessage> SendAsync(string host, string @event, string body, string? hook = null, string? id = null, string? secret = null) =>
        SendAsync(host, @event, Encoding.UTF8.GetBytes(body), hook, id, secret);

    public async Task<HttpResponseMessage> SendAsync(string host, string @event, byte[] body, string? hook = null, string? id = null, string? secret = null)
    {
        using var request = Delivery(host, @event, body, hook, id, secret);
        return await Http.SendAsync(request, Token);
    }

    /// <summary>A delivery that is not sent yet, so that a test can spoil it.</summary>
    public HttpRequestMessage Delivery(string host, string @event, byte[] body, string? hook = null, string? id = null, string? secret = null) =>
        new WebhookSender(host, secret ?? Secret(hook ?? host)).Delivery(new Uri(Http.BaseAddress!, $"/api/git/{host}/{hook ?? host}"), @event, body, id);

    /// <summary>The events that wait, oldest first, read as strictly as the worker does.</summary>
    public async Task<IReadOnlyList<PullRequestEvent>> WaitingAsync()
    {
        var problems = new ListProblems();
        var events = (await PeekAsync()).Select(message => PullRequestEventReader.Read(message.Body, problems)!).ToList();
        problems.Messages.ShouldBeEmpty();
        return events;
    }

    /// <summary>The event that an answer's run carries.</summary>
    public async Task<PullRequestEvent> EventAsync(HttpResponseMessage accepted)
    {
        accepted.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);
        var id = await RunOfAsync(accepted);
        var problems = new ListProblems();
        var read = PullRequestEventReader.Read((await PeekAsync()).Single(message => message.RunId.ToString() == id).Body, problems);
        problems.Messages.ShouldBeEmpty();
        return read!;
    }

    public static async Task<string> RunOfAsync(HttpResponseMessage accepted) =>
        JsonDocument.Parse(await accepted.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("id").GetString()!;

    private async Task<IReadOnlyList<PeekedMessage>> PeekAsync() => await Storage.Queues.PeekAsync(Queues.PullRequests, poisoned: false, 1000, Token);

    /// <summary>What was logged.</summary>
    public sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add($"{logLevel}: {formatter(state, exception)}");
            }
        }

        public void Dispose()
        {
        }
    }
}
