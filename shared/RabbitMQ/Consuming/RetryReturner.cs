using Ebb.RabbitMq.Connections;
using Ebb.RabbitMq.Messages;
using Ebb.RabbitMq.Topology;
using Ebb.Worker;
using RabbitMQ.Client;

namespace Ebb.RabbitMq.Consuming;

/// <summary>
/// Brings one function's messages back into its queue when their next attempt is due. It has a channel of its own, because what it
/// holds would be gaps in the acknowledgements of the function's channel.
/// </summary>
internal sealed partial class RetryReturner(TriggeredFunction function, TriggerHost host, Broker broker)
{
    // Only these are looked at, so a short delay behind them may last as long as theirs. Their bodies are not kept.
    private const ushort Held = 1000;

    private const ushort SentAtOnce = 8;

    private readonly string _queue = QueueTopology.RetryOf(function.Queue);

    /// <summary>Goes on until the host drains, through however many connections that needs. Never throws.</summary>
    public async Task RunAsync()
    {
        var backOff = new BackOff(host.Time);
        while (!host.Taking.IsCancellationRequested)
        {
            try
            {
                await using var session = await OpenAsync();
                backOff.Reset();
                await ((Task)session.Ended).WaitAsync(host.Taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await session.StopAsync();
            }
            catch (OperationCanceledException) when (host.Taking.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogTrouble(broker.Logger, function.Name, _queue, Sentence.Of(e.Message), e is RabbitMQException ? null : e);
            }

            await backOff.PauseAsync(host.Taking);
        }
    }

    private async Task<RetrySession> OpenAsync()
    {
        var connection = await broker.Taking.GetAsync(host.Taking);
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false, consumerDispatchConcurrency: SentAtOnce),
            host.Taking);
        try
        {
            await QueueTopology.DeclareRetryAsync(channel, function.Queue, broker.Options, host.Taking);
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }

        return await RetrySession.OpenAsync(channel, _queue, Held, host.Time, SendAsync, host.Taking);
    }

    private async Task<bool> SendAsync(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken lost)
    {
        try
        {
            await broker.Publisher.SendAsync(function.Queue, Republished.ForAttempt(properties, broker.OwnUsers), body, lost);
            return true;
        }
        catch (Exception e) when (!lost.IsCancellationRequested)
        {
            LogNotReturned(broker.Logger, function.Name, _queue, function.Queue, e);
            return false;
        }
    }
}
