using System.Globalization;

namespace Ebb.Storage.Tests.Import;

/// <summary>Everything that a store holds, as lines of text; moments that depend on when it was opened are left out.</summary>
internal static class StoreDump
{
    private static readonly string[] Queues =
    [
        "done", "retried", "twice", "poison", "back", "purged", "sequence", "superseded", "postponed", "released", "delayed", "leased", "$timer-Nightly", "after", "killed",
    ];

    public static async Task<string> OfAsync(IHostStorage storage)
    {
        var lines = new List<string>();
        foreach (var queue in Queues)
        {
            var counts = await storage.Queues.CountAsync(queue, default);
            lines.Add($"queue {queue}: {counts.Ready} ready, {counts.Waiting} waiting, {counts.Running} running, {counts.Poisoned} poisoned, oldest {Text(counts.OldestReadyAt)}");
            foreach (var poisoned in new[] { false, true })
            {
                foreach (var message in await storage.Queues.PeekAsync(queue, poisoned, 1000, default))
                {
                    var visible = queue == "leased" ? "" : Text(message.VisibleAt);
                    lines.Add($"message {message.RunId} {message.Body} {Text(message.EnqueuedAt)} {visible} {message.DequeueCount} {message.State} {Text(message.Error)}");
                }
            }
        }
        foreach (var run in await storage.Runs.ListAsync(new() { Limit = 1000 }, default))
        {
            var ended = run.Error?.Type == "HostStopped" ? "" : Text(run.EndedAt);
            lines.Add(
                $"run {run.Id} {run.Function} {run.Trigger} {run.Queue} {run.State} {Text(run.CreatedAt)} {Text(run.StartedAt)} {ended} {run.TraceId} {run.Caller} "
                + $"{run.IdempotencyKey} {run.SequenceKey} {run.Progress} {run.Result} {Text(run.Error)} {run.SupersededBy}");
            lines.AddRange(run.Attempts.Select(attempt => $"  attempt {Text(attempt.StartedAt)} {Text(attempt.EndedAt)} {attempt.Instance} {Text(attempt.Error)}"));
        }
        foreach (var document in await storage.Documents.ListAsync("", default))
            lines.Add($"document {document.Key} {(document.Value.Length > 100 ? "long" : document.Value)} {document.Version} {Text(document.UpdatedAt)}");
        foreach (var timer in await storage.Schedules.ListAsync(default))
            lines.Add($"timer {timer.Timer} {timer.Schedule} {Text(timer.Last)} {Text(timer.Next)} {Text(timer.LastUpdated)}");
        foreach (var summary in await storage.Runs.SummarizeAsync(default))
        {
            var states = string.Join(", ", summary.Runs.OrderBy(state => state.Key).Select(state => $"{state.Value} {state.Key}"));
            lines.Add($"function {summary.Function}: {states}; {(summary.Function == "Hook" ? "" : $"{Text(summary.LastSuccessAt)} {Text(summary.LastFailureAt)} {summary.LastDuration}")}");
        }
        return string.Join('\n', lines.Select(line => line.TrimEnd())) + '\n';
    }

    private static string Text(DateTimeOffset? moment) => moment?.ToString("O", CultureInfo.InvariantCulture) ?? "-";

    private static string Text(RunError? error) => error is null ? "-" : $"{error.Type}: {error.Message}";
}
