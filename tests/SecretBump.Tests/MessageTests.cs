using System.Text;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Stores;
using Ebb.SecretBump.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.RabbitMQ;
using Ebb.TestServers.Vault;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Ebb.SecretBump.Tests;

/// <summary>The app's own host over a real broker: a message in the queue leads to the bump.</summary>
public sealed class MessageTests : IAsyncLifetime
{
    private const string Queue = "bumps";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-messages-");
    private readonly CollectedLogs _logs = new();
    private VaultServer _vault = null!;
    private RabbitMqServer? _broker;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Shop => BumpBench.PathOf("shop");

    public async ValueTask InitializeAsync()
    {
        _broker = RabbitMqServer.Program is null ? null : await RabbitMqServer.StartAsync();
        _vault = await VaultServer.StartAsync();
        _vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"), ("PASSWORD", "p"));
        _vault.KeyValue().Put(BumpBench.PathOf("till"), ("METADATA_TAG", "1.3.0"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "scopes.json"), $$"""{"rabbitmq:queue/{{Queue}}":["shop"]}""", Token);
    }

    public async ValueTask DisposeAsync()
    {
        await (_broker?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _vault.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Message_InTheQueue_LeadsToTheBump()
    {
        await using var host = await StartAsync(Broker());
        await using var connection = await new ConnectionFactory { Uri = new Uri(Broker().Uri) }.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Token);

        await SendAsync(channel, """{"application":"../shop","new_tag":"9"}""");
        await SendAsync(channel, """{"application":"till","new_tag":"1.4.0","environments":["dev"]}""");
        await SendAsync(channel, """{"application":"shop","new_tag":"1.4.0","environments":["dev"],"build":"41"}""");
        await SendAsync(channel, """{"application":"shop","new_tag":"1.5.0","environments":["dev"],"build":"42"}""");

        await UntilAsync(() => Task.FromResult(_vault.KeyValue().CurrentVersion(Shop) == 3));
        _vault.KeyValue().CurrentVersion(BumpBench.PathOf("till")).ShouldBe(1);
        _vault.KeyValue().Data(Shop)!.ToJsonString().ShouldBe("""{"METADATA_TAG":"1.5.0","PASSWORD":"p"}""");
        ((string)_vault.KeyValue().Data(Shop, 2)!["METADATA_TAG"]!).ShouldBe("1.4.0");
        await UntilAsync(async () => await channel.MessageCountAsync(Queue, Token) == 0 && await channel.MessageCountAsync($"{Queue}-poison", Token) == 2);
        await UntilAsync(() => Task.FromResult(_logs.Lines.Count(line => line.Contains("Audit: bump of shop/dev by rabbitmq:queue/bumps")) == 2));
        var known = await host.Services.GetRequiredService<EnvironmentMemory>().ReadAsync(SecretPlace.Parse("shop", "dev"), Token);
        var run = (await host.Services.GetRequiredService<IHostStorage>().Runs.WaitAsync(RunId.Parse(known.Changes[0].Run), TimeSpan.FromSeconds(30), Token))!;
        (run.State, run.Caller, run.SequenceKey).ShouldBe((RunState.Succeeded, "rabbitmq:queue/bumps", "shop"));
    }

    private RabbitMqServer Broker() => Peer.Of(_broker, RabbitMqServer.Missing);

    private async Task<RunningHost> StartAsync(RabbitMqServer broker)
    {
        var host = await FunctionHost.StartAsync(
            [
                "--urls=http://127.0.0.1:0", $"--Storage=sqlite:{Path.Combine(_folder.FullName, "storage")}/ebb.db", $"--Vault:Address={_vault.Address}",
                $"--Vault:Token={_vault.Tokens.Create(policies: ["read *", "list *", "patch *", "update *", "create *"]).Value}",
                $"--RabbitMQ:Uri={broker.Uri}", $"--FunctionKeys:Directory={_folder.FullName}", $"--SecretBump:RabbitMQQueue={Queue}", "--SecretBump:RefreshSchedule=0 0 0 1 1 *",
            ],
            [new SecretBumpApp()],
            new HostEnvironment { WorkingDirectory = _folder.FullName, LoggerProvider = _logs },
            Token);
        await UntilAsync(() => Task.FromResult(_logs.Lines.Any(line => line.Contains("takes messages of RabbitMQ queue"))));
        return host;
    }

    private static async Task SendAsync(IChannel channel, string body) =>
        await channel.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes(body), Token);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
