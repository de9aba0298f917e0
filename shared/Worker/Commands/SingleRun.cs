using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Hosting;
using Ebb.Worker.Invocations;
using Ebb.Worker.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Commands;

/// <summary>
/// Runs one function once, without web server and queue: whoever started the process sees its end and can start it again,
/// so nothing is leased or retried. The run is recorded when it ends. A signal cancels it; what has not ended a grace later
/// is recorded as failed and left to the end of the process.
/// </summary>
internal sealed class SingleRun : IAsyncDisposable
{
    private readonly HostState _state;
    private readonly IHostStorage _storage;
    private readonly StopSignals _signals;
    private readonly TimeSpan _grace;
    private readonly ServiceProvider _services;
    private readonly InvocationDelegate _pipeline;
    private readonly ILoggerFactory _loggers;
    private readonly IDisposable? _telemetry;
    private readonly TextWriter _error;
    private string? _progress;

    public SingleRun(HostSetup setup, IHostStorage storage, StopSignals signals)
    {
        (_storage, _signals, _grace, _error) = (storage, signals, setup.Worker.Grace, setup.Environment.Error);
        _loggers = CommandContext.CreateLoggers(setup);
        _state = new HostState(setup.Environment.Time, _loggers.CreateLogger<HostState>());
        var services = new ServiceCollection();
        services.AddLogging();
        HostServices.Add(services, setup, _loggers, _state);
        services.AddSingleton(storage);
        _services = services.BuildServiceProvider();
        _pipeline = HostServices.Pipeline(setup, _services, storage, _loggers, _state);
        _telemetry = OtlpExport.StartIfWanted(setup.Configuration);
    }

    public async Task<Run> RunAsync(HostedFunction function, string? input)
    {
        var id = RunId.New(_state.Time);
        var invocation = InvocationOf(function, input, id);
        var call = Task.Run(async () =>
        {
            var ended = await _pipeline(invocation);
            while (ended.Kind is OutcomeKind.Postponed)
            {
                await Task.Delay(ended.Delay, _state.Time, _signals.First).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                invocation = InvocationOf(function, input, id);
                ended = await _pipeline(invocation);
            }

            return ended;
        });
        await Task.WhenAny(call, _state.Recycled, _signals.Second, GraceAfterFirstSignalAsync());
        var outcome = call.IsCompleted
            ? await call
            : InvocationOutcome.Failed(OutcomeKind.Failed, invocation.TimedOut ? "Timeout" : "Cancelled",
                "The function went on after its CancellationToken was cancelled; the process ends without it.");
        var run = Recorded.RunOf(invocation, outcome, _state) with { Progress = _progress };
        await _storage.Runs.RecordAsync(run, CancellationToken.None);
        return run;
    }

    private Invocation InvocationOf(HostedFunction function, string? input, RunId id) => new()
    {
        Function = function,
        RunId = id,
        Trigger = TriggerKind.Manual,
        TriggerData = function.IsTimer ? new TimerInfo() : MessageFor(function, input, id),
        Cancellation = _signals.First,
        Caller = CallerNames.CommandLine,
        ReportProgress = Progressed,
    };

    private void Progressed(string line)
    {
        _progress = line;
        if (Terminal.IsAt(standardError: true) && ReferenceEquals(_error, Console.Error))
        {
            _error.WriteLine($"         {Terminal.Text(line)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _telemetry?.Dispose();
        await _services.DisposeAsync();
        _loggers.Dispose();
        _state.Dispose();
    }

    // Whoever stops the process kills it soon after, and then nothing would be recorded.
    private async Task GraceAfterFirstSignalAsync()
    {
        await _signals.WaitForFirstAsync();
        await Task.Delay(_grace, _state.Time);
    }

    private LeasedMessage MessageFor(HostedFunction function, string? input, RunId id)
    {
        var now = _state.Time.GetUtcNow();
        return new LeasedMessage
        {
            RunId = id,
            Queue = function.Queue ?? function.BrokerQueue!,
            Body = ManualRun.BodyFor(function, input),
            DequeueCount = 1,
            LeaseToken = Guid.Empty,
            LeaseExpiresAt = DateTimeOffset.MaxValue,
            EnqueuedAt = now,
            Trigger = TriggerKind.Manual,
        };
    }
}
