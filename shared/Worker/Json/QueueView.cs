using Ebb.Storage;

namespace Ebb.Worker.Json;

/// <summary>A queue: how many messages are in each state, and the oldest of them.</summary>
internal sealed record QueueView(
    string Queue, int Ready, int Waiting, int Running, int Poisoned, DateTimeOffset? OldestReadyAt, IReadOnlyList<MessageView>? Messages)
{
    public static QueueView Of(string queue, QueueCounts counts, IEnumerable<PeekedMessage>? messages) => new(
        queue, counts.Ready, counts.Waiting, counts.Running, counts.Poisoned, counts.OldestReadyAt,
        messages?.Select(MessageView.Of).ToList());
}

/// <summary>A message looked at without being taken.</summary>
internal sealed record MessageView(
    string Id, RunState Status, DateTimeOffset EnqueuedAt, DateTimeOffset VisibleAt, int DequeueCount, RunError? Error, string Body)
{
    public static MessageView Of(PeekedMessage message) => new(
        message.RunId.ToString(), message.State, message.EnqueuedAt, message.VisibleAt, message.DequeueCount, message.Error, message.Body);
}

/// <summary>How many messages a redrive or purge touched.</summary>
internal sealed record QueueChange(string Queue, int Count);
