using Ebb.Storage.Exclusion;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Storage.Tests.Conformance;

/// <summary>
/// Processes that want one key: they take it, write under it, give it back, die, stand still and go on, and their clocks leap. The document
/// tells who wrote: the numbers of holds, in the order in which the key was taken, may never go down.
/// </summary>
internal sealed class ExclusionModel(IHostStorage storage, ManualTime time, Random random, bool storageLeaps)
{
    private const string Key = "locks/model";
    private const string Written = "written";

    private readonly List<Process> _processes = [new(storage), new(storage), new(storage)];
    private int _takes;
    private int _runs;

    public async Task StepAsync()
    {
        var process = _processes[random.Next(_processes.Count)];
        switch (random.Next(10))
        {
            case 0:
                process.IsPaused = true;
                break;
            case 1:
                // Killed: nothing of it is given back, and no timer of it runs.
                _processes[_processes.IndexOf(process)] = new Process(storage);
                break;
            case 2:
                process.Time.Jump(TimeSpan.FromMinutes(random.Next(-600, 600)));
                break;
            case 3 when storageLeaps:
                time.Jump(TimeSpan.FromMinutes(random.Next(-10, 10)));
                break;
            case 4 or 5:
                Pass(TimeSpan.FromSeconds(random.Next(1, 120)));
                break;
            case 6 when !process.IsPaused && process.Hold is { } held:
                process.Hold = null;
                await held.DisposeAsync();
                break;
            case 7 when process.IsPaused:
                process.GoOn();
                break;
            default:
                await WorkAsync(process);
                break;
        }

        if (!storageLeaps)
            _processes.Count(one => !one.IsPaused && one.Hold?.Lost.IsCancellationRequested == false).ShouldBeLessThanOrEqualTo(1);
    }

    private void Pass(TimeSpan span)
    {
        // Storage first: what a process asks at some time is never dated earlier than that. Renewals come in any order with what follows.
        time.Advance(span);
        foreach (var one in _processes)
            one.Pass(span);
    }

    private async Task WorkAsync(Process process)
    {
        if (process.Hold is null && !process.IsPaused)
        {
            try
            {
                process.Hold = await process.Keys.TakeAsync(Key, $"run-{_runs++}", default);
                process.Number = ++_takes;
            }
            catch (KeyHeldException)
            {
                return;
            }
        }

        if (process.Hold is not { } hold)
            return;
        try
        {
            // Also one that stands still for all others, whose request was on its way.
            await hold.Documents.PutAsync(Written, $"{process.Number}", null, default);
            process.Number.ShouldBe(_takes, "who wrote had taken the key before another did");
        }
        catch (KeyLostException)
        {
            process.Number.ShouldBeLessThan(_takes, "nobody has taken the key since");
            process.Hold = null;
            await hold.DisposeAsync();
        }
    }

    private sealed class Process
    {
        private TimeSpan _missed;

        public Process(IHostStorage storage) => Keys = new ExclusiveKeys(storage, Time, NullLogger<ExclusiveKeys>.Instance);

        public ManualTime Time { get; } = new();

        public ExclusiveKeys Keys { get; }

        public ExclusiveHold? Hold { get; set; }

        public int Number { get; set; }

        public bool IsPaused { get; set; }

        public void Pass(TimeSpan span)
        {
            if (IsPaused)
                _missed += span;
            else
                Time.Advance(span);
        }

        public void GoOn()
        {
            IsPaused = false;
            Time.Advance(_missed);
            _missed = TimeSpan.Zero;
        }
    }
}
