using Ebb.Scaler.Metadata;
using Ebb.Scaler.Reading;
using Ebb.Scaler.Scaling;
using Ebb.Storage;

namespace Ebb.Scaler.Metrics;

/// <summary>What host storage says of functions, queues and timers, asleep or not.</summary>
internal sealed class FunctionFigures(
    IReadOnlyList<ScaledApp> apps, StorageSnapshot snapshot, IReadOnlyList<FunctionSummary> functions, DateTimeOffset now)
{
    public void WriteTo(PrometheusWriter page)
    {
        WriteApps(page);
        WriteQueues(page);
        WriteRuns(page);
        WriteTimers(page);
    }

    private void WriteApps(PrometheusWriter page)
    {
        // Several ScaledObjects may name one app.
        var names = apps.GroupBy(app => app.App, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        page.Family("ebb_app_active", "gauge", "1 when the app has work and wants at least one replica.");
        foreach (var app in names)
        {
            page.Sample("ebb_app_active", app.Any(one => Activity.Of(one, snapshot, now).IsActive) ? 1 : 0, ("app", app.Key));
        }

        page.Family("ebb_app_queue_info", "gauge", "1 for every queue that wakes the app, for joins on queue.");
        foreach (var app in names)
        {
            foreach (var queue in app.SelectMany(one => one.AllQueues).Distinct(StringComparer.Ordinal))
            {
                page.Sample("ebb_app_queue_info", 1, ("app", app.Key), ("queue", queue));
            }
        }
    }

    private void WriteQueues(PrometheusWriter page)
    {
        var queues = snapshot.Queues.OrderBy(queue => queue.Key, StringComparer.Ordinal).ToList();
        page.Family("ebb_queue_messages", "gauge", "Messages in a queue by state: ready, waiting (for their time or predecessor), running, poisoned.");
        foreach (var (queue, counts) in queues)
        {
            page.Sample("ebb_queue_messages", counts.Ready, ("queue", queue), ("state", "ready"));
            page.Sample("ebb_queue_messages", counts.Waiting, ("queue", queue), ("state", "waiting"));
            page.Sample("ebb_queue_messages", counts.Running, ("queue", queue), ("state", "running"));
            page.Sample("ebb_queue_messages", counts.Poisoned, ("queue", queue), ("state", "poisoned"));
        }

        page.Family("ebb_queue_oldest_ready_age_seconds", "gauge", "How long ago the oldest ready message was accepted; 0 without one.");
        foreach (var (queue, counts) in queues)
        {
            page.Sample("ebb_queue_oldest_ready_age_seconds", counts.OldestReadyAt is { } at ? Math.Max(0, (now - at).TotalSeconds) : 0, ("queue", queue));
        }
    }

    private void WriteRuns(PrometheusWriter page)
    {
        page.Family("ebb_function_runs", "gauge", "Runs that host storage keeps, by state.");
        foreach (var function in functions)
        {
            foreach (var state in Enum.GetValues<RunState>())
            {
                page.Sample("ebb_function_runs", function.Runs.GetValueOrDefault(state), ("function", function.Function), ("state", NameOf(state)));
            }
        }

        Times(page, "ebb_function_last_success_timestamp_seconds", "When a run last succeeded, in seconds since 1970.", function => Seconds(function.LastSuccessAt));
        Times(page, "ebb_function_last_failure_timestamp_seconds", "When a run last ended failed or poisoned, in seconds since 1970.", function => Seconds(function.LastFailureAt));
        Times(page, "ebb_function_last_duration_seconds", "How long the final attempt of the run that ended last took.", function => function.LastDuration?.TotalSeconds);
    }

    private void Times(PrometheusWriter page, string name, string help, Func<FunctionSummary, double?> value)
    {
        page.Family(name, "gauge", help);
        foreach (var function in functions)
        {
            if (value(function) is { } known)
            {
                page.Sample(name, known, ("function", function.Function));
            }
        }
    }

    private void WriteTimers(PrometheusWriter page)
    {
        var timers = snapshot.Timers.Values.OrderBy(timer => timer.Timer, StringComparer.Ordinal).ToList();
        page.Family("ebb_timer_next_due_timestamp_seconds", "gauge", "When a timer is due next, in seconds since 1970.");
        foreach (var timer in timers)
        {
            page.Sample("ebb_timer_next_due_timestamp_seconds", Seconds(timer.Next)!.Value, ("function", timer.Timer));
        }

        page.Family("ebb_timer_last_occurrence_timestamp_seconds", "gauge", "The occurrence that was claimed last, in seconds since 1970.");
        foreach (var timer in timers.Where(timer => timer.Last is not null))
        {
            page.Sample("ebb_timer_last_occurrence_timestamp_seconds", Seconds(timer.Last)!.Value, ("function", timer.Timer));
        }

        page.Family("ebb_timer_registered", "gauge", "1 when a worker has registered the timer as a ScaledObject says it, schedule and zone; while 0 a pod is kept up.");
        foreach (var (app, timer) in apps.SelectMany(app => app.Timers.Select(timer => (app.App, Timer: timer))).Distinct())
        {
            var isRegistered = snapshot.Timers.TryGetValue(timer.Function, out var state) && state.Schedule == timer.StoredSchedule;
            page.Sample("ebb_timer_registered", isRegistered ? 1 : 0, ("app", app), ("function", timer.Function));
        }
    }

    private static double? Seconds(DateTimeOffset? moment) => moment?.ToUnixTimeMilliseconds() / 1000.0;

    private static string NameOf(RunState state) => state.ToString().ToLowerInvariant();
}
