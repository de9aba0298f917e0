using System.Diagnostics;

namespace Ebb.Storage.Tests.Sqlite;

/// <summary>A process that works on a store is killed at random moments, again and again.</summary>
public sealed class KillTests : IDisposable
{
    private const int Rounds = 20;
    private readonly TemporaryDirectory _directory = new();
    private readonly HashSet<string> _enqueued = [];
    private readonly HashSet<string> _settled = [];
    private readonly Dictionary<string, int> _taken = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Store_ProcessKilledAtRandomMoments_KeepsWhatWasAcknowledged()
    {
        var random = new Random(20260);
        for (var round = 0; round < Rounds; round++)
        {
            await RunAndKillAsync($"{round}", random.Next(0, 60), random.Next(0, 30));
            await CheckAsync();
        }
        _enqueued.Count.ShouldBeGreaterThan(Rounds);
        _settled.Count.ShouldBeGreaterThan(Rounds);
    }

    // After some work, however busy the machine is, and then at any moment.
    private async Task RunAndKillAsync(string round, int operations, int milliseconds)
    {
        var host = Path.Combine(AppContext.BaseDirectory, "Ebb.Storage.CrashHost.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [host, _directory.Database, round]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        (await process.StandardOutput.ReadLineAsync()).ShouldBe("open");
        var done = new List<string>();
        while (done.Count < operations)
            done.Add((await process.StandardOutput.ReadLineAsync()).ShouldNotBeNull());
        var reading = process.StandardOutput.ReadToEndAsync();
        await Task.Delay(milliseconds);
        process.Kill();
        var lines = (await reading).Split('\n');
        await process.WaitForExitAsync();
        // The last line may be half of one.
        foreach (var words in done.Concat(lines.SkipLast(1)).Select(line => line.Split(' ')))
            Note(words);
    }

    private void Note(string[] words)
    {
        switch (words[0])
        {
            case "enqueued":
                _enqueued.Add(words[2]).ShouldBeTrue();
                break;
            case "took":
                // A count may be skipped by an attempt that was killed before it said so, but never be repeated.
                var count = int.Parse(words[2]);
                _taken.GetValueOrDefault(words[1]).ShouldBeLessThan(count);
                _taken[words[1]] = count;
                break;
            default:
                _settled.Add(words[1]).ShouldBeTrue();
                break;
        }
    }

    private async Task CheckAsync()
    {
        await using var storage = await TestStore.OpenAsync(_directory.Path);
        var waiting = await storage.Queues.PeekAsync("work", false, 1_000_000, default);
        var ids = waiting.Select(message => message.RunId.ToString()).ToHashSet();
        ids.Count.ShouldBe(waiting.Count);
        waiting.Select(message => message.Body).Distinct().Count().ShouldBe(waiting.Count);
        ids.Overlaps(_settled).ShouldBeFalse();
        foreach (var id in _enqueued)
        {
            var run = (await storage.Runs.GetAsync(RunId.Parse(id), default)).ShouldNotBeNull();
            (run.State == RunState.Queued).ShouldBe(ids.Contains(id));
            if (_settled.Contains(id))
                run.State.ShouldBe(RunState.Succeeded);
        }
    }
}
