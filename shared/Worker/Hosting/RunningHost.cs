using Ebb.Storage;
using Ebb.Worker.Http;
using Ebb.Worker.Queues;
using Ebb.Worker.Telemetry;
using Ebb.Worker.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Hosting;

/// <summary>A host that has started: web server and listeners over open storage.</summary>
public sealed partial class RunningHost : IAsyncDisposable
{
    // Long enough to unwind from a cancellation, short enough not to matter to whoever waits for the process.
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HandBackTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(10);

    private readonly HostSetup _setup;
    private readonly IHostStorage _storage;
    private readonly WebApplication _web;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly IDisposable? _telemetry;
    private readonly HostState _state;
    private Task _listening = Task.CompletedTask;
    private Task? _stopping;

    private RunningHost(HostSetup setup, IHostStorage storage, WebApplication web, ILoggerFactory loggers, HostState state, IDisposable? telemetry)
    {
        (_setup, _storage, _web, _loggers, _state, _telemetry) = (setup, storage, web, loggers, state, telemetry);
        _logger = loggers.CreateLogger("Ebb.Worker.Host");
    }

    /// <summary>Where it listens; a port 0 that was asked for is the port that was given.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _web.Urls.Select(url => new Uri(url.Replace("//*", "//localhost", StringComparison.Ordinal)
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)))];

    /// <summary>The services that functions are made from.</summary>
    public IServiceProvider Services => _web.Services;

    /// <summary>Completes with a function's name when that function made the process unfit to go on.</summary>
    internal Task<string> Recycled => _state.Recycled;

    /// <summary>Completes when the process must end at once.</summary>
    internal Task Halted => _state.Halted;

    /// <summary>Opens storage, starts the web server, then the listeners.</summary>
    internal static async Task<RunningHost> StartAsync(HostSetup setup, CancellationToken cancellationToken)
    {
        var loggers = HostLogging.Create(setup.Environment, setup.Host, setup.Configuration, toStandardError: false);
        var opening = Task.Run(() => OpenStorageAsync(setup, loggers, cancellationToken), CancellationToken.None);
        RunningHost? host = null;
        try
        {
            var state = new HostState(setup.Environment.Time, loggers.CreateLogger<HostState>());
            var builder = WebServer.Prepare(setup, loggers, state);
            var storage = await opening;
            builder.Services.AddSingleton(storage);
            host = new RunningHost(setup, storage, builder.Build(), loggers, state, OtlpExport.StartIfWanted(setup.Configuration));
            await host.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            await (host is null ? CloseAsync(opening) : host.DisposeAsync());
            loggers.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Stops: takes no more work, lets what runs go on for the grace (<c>Shutdown:Grace</c>, at most <c>functionTimeout</c>),
    /// then cancels it and hands its messages back at once, their attempt not counted.
    /// </summary>
    public Task StopAsync() => _stopping ??= StopOnceAsync();

    /// <summary>Stops if that has not been done, and closes storage.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _web.DisposeAsync();
        var closing = _storage.DisposeAsync().AsTask();
        if (await EndsWithinAsync(closing, CloseTime))
        {
            await closing;
        }
        else
        {
            LogNotClosed(_logger, CloseTime);
        }

        _telemetry?.Dispose();
        _state.Dispose();
        _loggers.Dispose();
    }

    /// <summary>Writes out the logs of a process that ends without stopping.</summary>
    internal void Abort() => _loggers.Dispose();

    private static async Task<IHostStorage> OpenStorageAsync(HostSetup setup, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        await HostStorage.OpenAsync(
            setup.Worker.Storage with { AdminUrl = setup.Worker.Urls }, setup.Environment.Time, loggers, cancellationToken);

    private static async ValueTask CloseAsync(Task<IHostStorage> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening).DisposeAsync();
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var keys = new FunctionKeys(_setup.Worker.KeyDirectory, _setup.Environment.Time, _loggers.CreateLogger<FunctionKeys>());
        keys.RequireScopesOfKeys();
        var pipeline = HostServices.Pipeline(_setup, _web.Services, _storage, _loggers, _state);
        WebServer.Map(_web, _setup, pipeline, _storage, keys, _state);
        foreach (var url in _setup.Worker.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            _web.Urls.Add(url);
        }

        var services = new ListenerServices(
            _storage, pipeline, _state, _setup.Host, _setup.Worker, _loggers.CreateLogger("Ebb.Worker.Queues"));
        var others = new OtherTriggers(_setup, _web.Services, services, keys);
        await _web.StartAsync(cancellationToken);
        var timers = new TimerScheduler([.. _setup.Functions.Timers], _storage, _state.Time, _loggers.CreateLogger<TimerScheduler>());
        _listening = Task.WhenAll(
        [
            timers.RunAsync(_state.Taking),
            .. _setup.Functions.Listening.Select(function => Task.Run(new QueueListener(function, services).RunAsync)),
            .. others.Run(),
        ]);
        _state.Started();
        LogStarted(_logger, string.Join(", ", _web.Urls), _setup.Functions.Functions.Count, _state.InstanceId);
        foreach (var off in _setup.Functions.Off.GroupBy(function => function.Off!))
        {
            LogOff(_logger, off.Key, string.Join(", ", off.Select(function => function.Name)));
        }

        if (_setup.HostJson is null)
        {
            LogNoHostJson(_logger, _setup.Environment.WorkingDirectory, AppContext.BaseDirectory);
        }

        foreach (var warning in _setup.Warnings)
        {
            LogWarning(_logger, warning);
        }

        if (_setup.Functions.Functions.Any(function => function.IsHttp))
        {
            keys.WarnIfNone();
        }
    }

    private async Task StopOnceAsync()
    {
        var grace = _setup.Host.FunctionTimeout != Timeout.InfiniteTimeSpan && _setup.Host.FunctionTimeout < _setup.Worker.Grace
            ? _setup.Host.FunctionTimeout : _setup.Worker.Grace;
        LogStopping(_logger, _state.RunningInvocations, grace);
        await _state.StopAsync();
        using var abort = new CancellationTokenSource();
        var ended = EndAsync(abort.Token);
        if (!await EndsWithinAsync(ended, grace))
        {
            LogGraceOver(_logger, _state.RunningInvocations);
            _state.EndGrace();
            if (!await EndsWithinAsync(ended, UnwindTime))
            {
                _state.Abandon();
                await abort.CancelAsync();
                await EndsWithinAsync(ended, HandBackTime);
            }
        }

        LogStopped(_logger);
    }

    // The web server goes last: while work still ends, probes are answered (alive, not ready) and a caller sees how far the drain is.
    private async Task EndAsync(CancellationToken abort)
    {
        await Task.WhenAny(_listening, _state.Abandoned);
        await Task.WhenAll(_listening, _web.StopAsync(abort));
    }

    private async Task<bool> EndsWithinAsync(Task ended, TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time, _state.Time);
        await ended.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ended.IsCompleted;
    }
}
