using System.Diagnostics;
using Ebb.TestServers.Network;

namespace Ebb.TestServers.Keda.Cluster;

/// <summary>A pod: a process that is started again when it ends, until the pod itself is to end.</summary>
public sealed class Pod
{
    private static readonly TimeSpan ReadinessPeriod = TimeSpan.FromMilliseconds(50);

    private readonly DeploymentTemplate _template;
    private readonly ClusterContext _context;
    private readonly TaskCompletionSource _terminate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BackOff _restarts;

    internal Pod(DeploymentTemplate template, string name, ClusterContext context)
    {
        (_template, Name, _context) = (template, name, context);
        LogFile = Path.Combine(context.LogFolder, $"{name}.log");
        _restarts = new BackOff(context.Timings.Scaled(context.Timings.FirstRestart), context.Timings.Scaled(context.Timings.LongestRestart));
        Ended = RunAsync();
    }

    public string Name { get; }

    public string LogFile { get; }

    /// <summary>The present process; 0 between two.</summary>
    public int ProcessId { get; private set; }

    public int Port { get; private set; }

    public int Starts { get; private set; }

    public bool IsReady { get; private set; }

    public bool IsTerminating => _terminate.Task.IsCompleted;

    /// <summary>Completes when the pod is gone.</summary>
    internal Task Ended { get; }

    /// <summary>SIGKILL, as when its node dies or its memory runs out; the Deployment starts it again.</summary>
    public Task KillAsync() => ProcessId is > 0 and var id ? Signals.SendAsync(id, "KILL") : Task.CompletedTask;

    /// <summary>SIGTERM now, SIGKILL after the grace period.</summary>
    internal void Terminate() => _terminate.TrySetResult();

    private async Task RunAsync()
    {
        await Task.Yield();
        while (!IsTerminating)
        {
            var started = _context.Time.GetTimestamp();
            await RunProcessAsync();
            if (IsTerminating)
                return;
            if (_context.Time.GetElapsedTime(started) > _context.Timings.Scaled(_context.Timings.RestartReset))
                _restarts.Reset();
            // The first restart is at once, as the kubelet does.
            var wait = Starts == 1 ? TimeSpan.Zero : _restarts.Next();
            await Task.WhenAny(Task.Delay(wait, _context.Time), _terminate.Task);
        }
    }

    private async Task RunProcessAsync()
    {
        Port = LoopbackPort.Next();
        using var process = PodProcess.Start(_template, Name, Port, LogFile);
        ProcessId = process.Id;
        Starts++;
        _context.Note(_template.Name, $"{Name} started, process {process.Id}");
        var exit = process.WaitForExitAsync();
        var ready = BecomeReadyAsync(exit);
        if (await Task.WhenAny(exit, _terminate.Task) != exit)
            await EndAsync(process, exit);
        _context.Exits[process.Id] = _context.Time.GetTimestamp();
        await ready;
        (IsReady, ProcessId) = (false, 0);
        _context.Note(_template.Name, $"{Name} ended with code {process.ExitCode}");
    }

    private async Task EndAsync(Process process, Task exit)
    {
        _context.Note(_template.Name, $"{Name} gets SIGTERM");
        await Signals.SendAsync(process.Id, "TERM");
        if (await Task.WhenAny(exit, Task.Delay(_template.TerminationGracePeriod, _context.Time)) == exit)
            return;
        _context.Note(_template.Name, $"{Name} gets SIGKILL: it did not end within {_template.TerminationGracePeriod.TotalSeconds} s");
        process.Kill();
        await exit;
    }

    private async Task BecomeReadyAsync(Task exit)
    {
        var started = _context.Time.GetTimestamp();
        while (!exit.IsCompleted && !IsTerminating)
        {
            if (_template.ReadinessPath is null || await _context.AnswersAsync(new Uri($"http://127.0.0.1:{Port}{_template.ReadinessPath}")))
            {
                IsReady = true;
                _context.Note(_template.Name, $"{Name} ready after {_context.Time.GetElapsedTime(started).TotalMilliseconds:F0} ms");
                return;
            }

            await Task.WhenAny(Task.Delay(ReadinessPeriod, _context.Time), exit, _terminate.Task);
        }
    }
}
