namespace Ebb.Storage.Tests.Conformance;

/// <summary>What every host storage must do: the sentences of its interfaces. A store is tested by deriving from this.</summary>
public abstract partial class HostStorageTests : IAsyncLifetime
{
    protected const string Queue = "work";

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected ManualTime Time { get; } = new();

    protected IHostStorage Storage { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Storage = await OpenAsync(new() { Storage = "" });

    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        await DeleteAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens this test's store; <see cref="HostStorageOptions.Storage"/> is the derived class's to set.</summary>
    protected abstract Task<IHostStorage> OpenAsync(HostStorageOptions options);

    protected abstract ValueTask DeleteAsync();

    private async Task ReopenAsync(TimeSpan? retention = null, int? maxRuns = null)
    {
        await Storage.DisposeAsync();
        var options = new HostStorageOptions { Storage = "" };
        Storage = await OpenAsync(options with
        {
            RunRetention = retention ?? options.RunRetention,
            MaxRuns = maxRuns ?? options.MaxRuns,
        });
    }

    private async Task<RunId> EnqueueAsync(
        string body = "{}", string? sequence = null, string? idempotency = null, TimeSpan delay = default, bool supersede = false,
        string queue = Queue) =>
        (await Storage.Queues.EnqueueAsync(
            new()
            {
                Queue = queue,
                Body = body,
                SequenceKey = sequence,
                IdempotencyKey = idempotency,
                Delay = delay,
                SupersedesWaiting = supersede,
            },
            default)).RunId;

    private async Task<IReadOnlyList<LeasedMessage>> TakeAsync(int count = 1, string queue = Queue, TimeSpan? lease = null) =>
        await Storage.Queues.DequeueAsync(
            new() { Queue = queue, Function = "Work", Instance = "host-1", MaxCount = count, LeaseDuration = lease ?? Lease }, default);

    private async Task<LeasedMessage> TakeOneAsync() => (await TakeAsync()).ShouldHaveSingleItem();

    private async Task SettleAsync(LeasedMessage message, Settlement? settlement = null) =>
        (await Storage.Queues.SettleAsync(message, settlement ?? new Settlement.Succeeded(null), default)).ShouldBeTrue();

    private async Task<Run> RunAsync(RunId id) => (await Storage.Runs.GetAsync(id, default)).ShouldNotBeNull();

    private static RunError Error(string message = "it broke") => new("IOException", message);
}
