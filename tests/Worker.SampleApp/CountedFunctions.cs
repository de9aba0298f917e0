using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.SampleApp;

/// <summary>Work whose every execution is written down.</summary>
public sealed class CountedFunctions(WorkJournal journal)
{
    [Function("Counted")]
    public async Task Counted([QueueTrigger("counted")] CountedWork work, FunctionContext context)
    {
        journal.Note("start", context.RunId, work.Key, work.Number);
        try
        {
            await Task.Delay(work.Milliseconds, context.CancellationToken);
            if (work.Fails)
                throw new InvalidOperationException($"Work {work.Number} was told to fail.");
        }
        catch (OperationCanceledException)
        {
            journal.Note("cancelled", context.RunId, work.Key, work.Number);
            throw;
        }

        journal.Note("end", context.RunId, work.Key, work.Number);
    }

    [Function("CountedTick")]
    public void CountedTick([TimerTrigger("%Sample:CountedSchedule%")] TimerInfo timer, FunctionContext context)
    {
        journal.Note("start", context.RunId, timer.IsPastDue ? "late" : "on-time", 0);
        journal.Note("end", context.RunId, timer.IsPastDue ? "late" : "on-time", 0);
    }
}
