using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Reading;

/// <summary>
/// Opens host storage, and tries again for as long as that fails: a scaler that waits for its database must answer meanwhile, so that
/// KEDA keeps the replicas and people read why.
/// </summary>
internal sealed partial class StorageConnection(HostStorageOptions options, TimeProvider time, ILoggerFactory loggers) : IStorageSource, IAsyncDisposable
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = loggers.CreateLogger<StorageConnection>();
    private readonly CancellationTokenSource _stopping = new();
    private volatile IHostStorage? _storage;
    private volatile string _reason = "It is being opened.";
    private Task _opening = Task.CompletedTask;

    public IHostStorage Storage => _storage ?? throw new StorageUnavailableException($"Host storage is not open yet: {_reason}");

    public void Start() => _opening = Task.Run(OpenAsync);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_storage is { } storage)
        {
            await storage.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task OpenAsync()
    {
        for (var failures = 0; !_stopping.IsCancellationRequested; failures++)
        {
            try
            {
                _storage = await HostStorage.OpenAsync(options, time, loggers, _stopping.Token);
                LogOpened();
                return;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                var backOff = TimeSpan.FromSeconds(Math.Min(LongestBackOff.TotalSeconds, Math.Pow(2, Math.Min(failures, 5)) / 2));
                _reason = error is HostStorageException ? error.Message : $"{error.GetType().Name}: {error.Message}";
                LogNotOpened(backOff, error);
                await Task.Delay(backOff, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
