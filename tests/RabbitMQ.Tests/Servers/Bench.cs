using System.Text;
using Ebb.RabbitMq.Tests.App;
using Ebb.Storage;
using Ebb.TestServers.Logs;
using Ebb.TestServers.RabbitMQ;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ebb.RabbitMq.Tests.Servers;

/// <summary>A host with the test app over a real broker, queues of its own, and the client's view of them.</summary>
internal sealed class Bench : IAsyncDisposable
{
    public const string Impatient = """{ "version": "2.0", "extensions": { "queues": { "maxDequeueCount": 3, "visibilityTimeout": "00:00:00.100" } } }""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ebb-rabbit-test-");
    private readonly string _name = Guid.NewGuid().ToString("N")[..8];
    private readonly RabbitMqServer _server;
    private IConnection? _connection;

    public Bench(RabbitMqServer server) => _server = server;

    public string Queue => $"work-{_name}";

    public string Patient => $"patient-{_name}";

    public string Echo => $"echo-{_name}";

    public string Change => $"change-{_name}";

    public string Echoed => $"echoed-{_name}";

    public string Keys => Path.Combine(_directory.FullName, "keys");

    public Ledger Ledger { get; } = new();

    public CollectedLogs Logs { get; } = new();

    public RunningHost Host { get; private set; } = null!;

    public IRunStore Runs => Host.Services.GetRequiredService<IHostStorage>().Runs;

    public async Task StartAsync(string? hostJson = null, params string[] settings)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "host.json"), hostJson ?? Impatient);
        Host = await FunctionHost.StartAsync(
            [.. Settings(settings), "--urls=http://127.0.0.1:0"], [new TestApp(Ledger)], Environment(TextWriter.Null, TextWriter.Null), default);
    }

    /// <summary>Starts the host and waits until all its functions take messages.</summary>
    public async Task StartTakingAsync(string? hostJson = null, params string[] settings)
    {
        var before = Takings();
        await StartAsync(hostJson, settings);
        await EventuallyAsync(() => Takings() >= before + 4, "all functions to take messages");

        int Takings() => Logs.Lines.Count(line => line.Contains("takes messages of RabbitMQ queue"));
    }

    /// <summary>Runs a command line; standard output and standard error as one text.</summary>
    public async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        var output = new StringWriter();
        var code = await FunctionHost.RunAsync([.. arguments, .. Settings([])], [new TestApp(Ledger)], Environment(output, output));
        return (code, output.ToString());
    }

    /// <summary>Writes scopes.json; before the host starts, for then it holds at once.</summary>
    public async Task ScopeAsync(string scopes)
    {
        Directory.CreateDirectory(Keys);
        await File.WriteAllTextAsync(Path.Combine(Keys, "scopes.json"), scopes);
    }

    public async Task<IChannel> ChannelAsync()
    {
        if (_connection is not { IsOpen: true })
        {
            _connection = await new ConnectionFactory { Uri = new Uri(_server.Uri), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        }

        return await _connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
    }

    public async Task SendAsync(string queue, string body, Action<BasicProperties>? adapt = null)
    {
        await using var channel = await ChannelAsync();
        var properties = new BasicProperties { Persistent = true };
        adapt?.Invoke(properties);
        await EventuallyAsync(async () =>
        {
            try
            {
                await channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(body));
                return true;
            }
            catch (PublishException e) when (!e.IsReturn)
            {
                // A quorum queue that has no leader yet refuses.
                return false;
            }
        }, $"{queue} to take a message");
    }

    public Task WorkAsync(string id, string @do = "ok", Action<BasicProperties>? adapt = null) =>
        SendAsync(Queue, $$"""{"id":"{{id}}","do":"{{@do}}"}""", adapt);

    /// <summary>Takes a message out of a queue, waiting for it.</summary>
    public async Task<BasicGetResult> TakeAsync(string queue)
    {
        BasicGetResult? taken = null;
        await EventuallyAsync(async () =>
        {
            try
            {
                await using var channel = await ChannelAsync();
                taken = await channel.BasicGetAsync(queue, autoAck: true);
            }
            catch (OperationInterruptedException)
            {
                // Not declared yet.
            }

            return taken is not null;
        }, $"a message in {queue}");
        return taken!;
    }

    /// <summary>How many messages wait, not counting those a consumer has; null when there is no such queue.</summary>
    public async Task<uint?> CountAsync(string queue)
    {
        try
        {
            await using var channel = await ChannelAsync();
            return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }
        catch (OperationInterruptedException)
        {
            return null;
        }
    }

    public Task EventuallyAsync(Func<bool> condition, string what) => EventuallyAsync(() => Task.FromResult(condition()), what);

    public async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"not within {Patience}: {what}\nThe host:\n{string.Join('\n', Logs.Lines.TakeLast(20))}\nThe broker:\n{await _server.LogAsync()}");
            }

            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (Host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        _directory.Delete(recursive: true);
    }

    private string[] Settings(string[] more)
    {
        string[] broker = more.Any(setting => setting.StartsWith("--RabbitMQ:", StringComparison.Ordinal)) ? [] : [$"--RabbitMQ:Uri={_server.Uri}"];
        return
        [
            $"--Storage=sqlite:{Path.Combine(_directory.FullName, "store")}/ebb.db", $"--Test:Queue={Queue}", $"--Test:Patient={Patient}", $"--Test:Echo={Echo}",
            $"--Test:Echoed={Echoed}", $"--Test:Change={Change}", $"--FunctionKeys:Directory={Keys}", .. broker, .. more,
        ];
    }

    private HostEnvironment Environment(TextWriter output, TextWriter error) =>
        new() { WorkingDirectory = _directory.FullName, LoggerProvider = Logs, Output = output, Error = error };
}
