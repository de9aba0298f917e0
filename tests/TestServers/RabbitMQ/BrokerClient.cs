using System.Text;
using RabbitMQ.Client;

namespace Ebb.TestServers.RabbitMQ;

/// <summary>Somebody else at the broker: sends to a queue as soon as it is there, and takes what lies in one.</summary>
public sealed class BrokerClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IConnection _connection;

    private BrokerClient(IConnection connection) => _connection = connection;

    /// <summary>Connects. Beside other tests a broker that has just started may take longer than a client waits, so that it is tried again.</summary>
    public static Task<BrokerClient> ConnectAsync(RabbitMqServer server, CancellationToken cancellationToken) => EventuallyAsync(
        "the connection",
        async () => new BrokerClient(await new ConnectionFactory { Uri = new Uri(server.Uri) }.CreateConnectionAsync(cancellationToken)),
        cancellationToken);

    /// <summary>Sends, and waits for the broker's confirm.</summary>
    public Task SendAsync(string queue, string body, CancellationToken cancellationToken) => EventuallyAsync(
        $"a message to {queue}",
        async () =>
        {
            await using var channel = await _connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
            await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes(body), cancellationToken);
            return queue;
        },
        cancellationToken);

    /// <summary>Takes a message, waiting for it.</summary>
    public Task<BasicGetResult> TakeAsync(string queue, CancellationToken cancellationToken) => EventuallyAsync(
        $"a message in {queue}",
        async () =>
        {
            await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
            return await channel.BasicGetAsync(queue, autoAck: true, cancellationToken);
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<T> EventuallyAsync<T>(string what, Func<Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (await attempt() is { } result)
                {
                    return result;
                }
            }
            catch (Exception e) when (!limit.IsCancellationRequested && e is not OperationCanceledException)
            {
                // The broker or the queue may not be there yet; after a minute it is told.
            }

            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"Not within {Patience}: {what}.");
            }

            await Task.Delay(50, cancellationToken);
        }
    }
}
