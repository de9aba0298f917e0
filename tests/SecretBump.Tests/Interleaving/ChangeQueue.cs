using System.Collections.Concurrent;
using Ebb.SecretBump.Reports;
using Ebb.Storage;

namespace Ebb.SecretBump.Tests.Interleaving;

/// <summary>
/// Delivers one application's changes as the queue does: one at a time, in the order they were accepted, again when a worker died over one
/// or its lease lapsed. What stood still goes on while others work, and messages come twice, late as well.
/// </summary>
internal sealed class ChangeQueue(Crew crew, string application)
{
    private readonly ConcurrentBag<Task<ChangeReport?>> _beside = [];
    private readonly List<(int At, Action Do)> _later = [];

    /// <summary>The reports of deliveries that nobody waited for: of workers whose lease had lapsed, and of second deliveries.</summary>
    public async Task<IReadOnlyList<ChangeReport>> BesideAsync() => [.. (await Task.WhenAll(_beside)).OfType<ChangeReport>()];

    /// <summary>Has the changes made; the tag that each environment ends with.</summary>
    public async Task<Dictionary<string, string>> MakeAsync(IReadOnlyList<Act> acts)
    {
        var (tags, seen) = (new Dictionary<string, string>(), new HashSet<(string, string)>());
        for (var i = 0; i < acts.Count; i++)
        {
            if (acts[i].IsRollback && acts[i].Tag != Stage.FirstTag && !seen.Contains((acts[i].Environments[0], acts[i].Tag)))
            {
                continue;
            }

            DoWhatIsDue(i);
            var report = await DeliverAsync(acts[i], i);
            report.Environments.Where(environment => environment.Action == ChangeAction.Failed)
                .ShouldBeEmpty($"{acts[i]}: {string.Join(", ", report.Environments.Select(environment => environment.Cause))}");
            foreach (var environment in report.Environments)
            {
                tags[environment.Environment] = acts[i].Tag;
                seen.Add((environment.Environment, acts[i].Tag));
            }
        }

        DoWhatIsDue(int.MaxValue);
        return tags;
    }

    private async Task<ChangeReport> DeliverAsync(Act act, int at)
    {
        var (change, id) = (act.For(application), RunId.New(TimeProvider.System));
        var run = $"{id}";
        await crew.RecordAsync(id, RunState.Running);
        if (act.AgainAfter is { } after)
        {
            _later.Add((at + after, () => _beside.Add(crew.Take().RunAsync(change, run))));
            DoWhatIsDue(at);
        }

        for (var delivery = 0; ; delivery++)
        {
            var worker = crew.Take();
            worker.Arm(act.Fates.ElementAtOrDefault(delivery) ?? Fate.None);
            var made = worker.RunAsync(change, run);
            if (await Task.WhenAny(made, worker.Stalled) == made)
            {
                if (await made is { } report && !report.Environments.Any(environment => environment.IsTransient))
                {
                    await crew.RecordAsync(id, RunState.Succeeded);
                    return report;
                }

                continue;
            }

            _beside.Add(made);
            _later.Add((at + act.ResumeAfter, worker.Resume));
            DoWhatIsDue(at);
        }
    }

    private void DoWhatIsDue(int at)
    {
        foreach (var due in _later.Where(later => later.At <= at).ToList())
        {
            _later.Remove(due);
            due.Do();
        }
    }
}
