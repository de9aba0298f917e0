using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Configuration;

/// <summary>
/// The settings of <c>host.json</c>, with the names, meanings and defaults of Azure Functions where it has them.
/// Read by <see cref="HostOptionsLoader"/>; immutable.
/// </summary>
public sealed record HostOptions
{
    /// <summary><c>functionTimeout</c>: how long one invocation may take, at most 49 days; <see cref="Timeout.InfiniteTimeSpan"/> without end. Default 30 minutes.</summary>
    public TimeSpan FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary><c>extensions.http.routePrefix</c>, without slashes at its ends; empty for none. Default <c>api</c>.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary><c>extensions.http.maxConcurrentRequests</c>: how many HTTP functions run at once; null (default, -1 in the file) without limit.</summary>
    public int? MaxConcurrentRequests { get; init; }

    /// <summary>
    /// <c>extensions.http.maxOutstandingRequests</c>: how many requests may run or wait; above it the answer is 429.
    /// Null (default, -1 in the file) without limit.
    /// </summary>
    public int? MaxOutstandingRequests { get; init; }

    /// <summary><c>extensions.queues.maxDequeueCount</c>: how many attempts a message gets before it is poisoned. From 1, default 5.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary><c>extensions.queues.batchSize</c>: how many messages of one queue are taken at once. 1 to 1000, default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>
    /// <c>extensions.queues.newBatchThreshold</c>: a new batch is taken when no more than this many messages still run,
    /// so that at most this plus <see cref="BatchSize"/> run at once. From 0, default half of <see cref="BatchSize"/>.
    /// </summary>
    public int NewBatchThreshold { get; init; } = 8;

    /// <summary>
    /// <c>extensions.queues.visibilityTimeout</c>: how long a message whose attempt failed stays invisible before the next
    /// attempt, unless a retry policy says otherwise. 0 to 7 days, default 0. As in Azure Functions it is <b>not</b> the
    /// duration of a lease: leases are renewed by the runtime and are no setting of host.json.
    /// </summary>
    public TimeSpan VisibilityTimeout { get; init; }

    /// <summary><c>extensions.queues.maxPollingInterval</c>: the longest time between two looks at a queue of which nothing is heard. From 100 ms, default one minute.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// <c>extensions.rabbitMQ.prefetchCount</c>: how many unacknowledged messages of one queue RabbitMQ hands out; all of them run at
    /// once. 1 to 65535, default 30.
    /// </summary>
    public int RabbitMQPrefetchCount { get; init; } = 30;

    /// <summary><c>retry</c>: the policy of functions without a retry attribute; null (default) for none.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary><c>logging.logLevel</c>: the least level by log category; <c>default</c> holds for the rest. Default: <c>Information</c> for all.</summary>
    public IReadOnlyDictionary<string, LogLevel> LogLevels { get; init; } =
        new Dictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase) { ["default"] = LogLevel.Information };
}
