using System.Text.RegularExpressions;
using Ebb.Manifests.Settings;
using Ebb.Worker;
using Ebb.Worker.Configuration;
using Ebb.Worker.Definitions;

namespace Ebb.Manifests;

/// <summary>One workload: an app with its functions as the host would run them, or all apps in one process.</summary>
internal sealed partial record PlannedApp
{
    // The longest an HTTP answer takes: ?wait=230s.
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(230);

    // functionTimeout may be endless; a pod's end may not.
    private static readonly TimeSpan LongestGrace = TimeSpan.FromHours(4);

    // What the process needs after the grace: to cancel, to hand its work back, to close its connections.
    private static readonly TimeSpan HandBack = TimeSpan.FromSeconds(30);

    /// <summary>The name of its Kubernetes objects, such as <c>image-mirror</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The functions that are on.</summary>
    public required IReadOnlyList<HostedFunction> Functions { get; init; }

    /// <summary>The timers of its apps that are off.</summary>
    public IReadOnlyList<string> OffTimers { get; init; } = [];

    public required AppNeeds Needs { get; init; }

    public required HostOptions Host { get; init; }

    /// <summary>The text of host.json.</summary>
    public required string HostJson { get; init; }

    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Settings that were given for this run of the generator, and those that schedules and queues refer to.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public required ManifestOptions Options { get; init; }

    /// <summary>The settings that were looked at to plan: each may change rights, connections or triggers.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    /// <summary>All apps in one process, with the SQLite store.</summary>
    public bool IsAllInOne { get; init; }

    /// <summary>Whether it serves HTTP functions.</summary>
    public bool IsDoor => Functions.Any(function => function.IsHttp);

    /// <summary>Whether work wakes it.</summary>
    public bool IsScaled => !IsAllInOne && (Queues.Count > 0 || Timers.Count > 0 || RabbitQueues.Count > 0);

    public IReadOnlyList<string> Queues =>
        [.. Functions.Where(function => function.Definition.Trigger is QueueTriggerDefinition).Select(function => function.Queue!).Order(StringComparer.Ordinal)];

    /// <summary><c>Function=schedule</c> each.</summary>
    public IReadOnlyList<string> Timers =>
        [.. Functions.Select(function => function.Timer).OfType<Worker.Timers.ScheduledTimer>()
            .Select(timer => $"{timer.Function}={timer.Schedule.Text}").Order(StringComparer.Ordinal)];

    /// <summary>Queues of RabbitMQ.</summary>
    public IReadOnlyList<string> RabbitQueues => [.. Functions.Select(function => function.BrokerQueue).OfType<string>().Order(StringComparer.Ordinal)];

    /// <summary>How long running work may go on after SIGTERM: as long as a function may take.</summary>
    public TimeSpan Grace
    {
        get
        {
            var longest = Functions.All(function => function.IsHttp) ? LongestRequest : LongestGrace;
            return Host.FunctionTimeout == Timeout.InfiniteTimeSpan || Host.FunctionTimeout > longest ? longest : Host.FunctionTimeout;
        }
    }

    /// <summary>When the kubelet kills: after the grace, and the time it takes to hand work back.</summary>
    public TimeSpan TerminationGrace => Grace + HandBack;

    /// <summary><c>ImageMirror</c> becomes <c>image-mirror</c>.</summary>
    public static string NameOf(string app) => WordStart().Replace(app, "-").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
