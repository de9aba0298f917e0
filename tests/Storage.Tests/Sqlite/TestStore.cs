using Ebb.Storage.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Storage.Tests.Sqlite;

/// <summary>Opens SQLite stores for tests of what is theirs.</summary>
internal static class TestStore
{
    public static HostStorageOptions Options { get; } = new() { Storage = "sqlite:" };

    public static Task<IHostStorage> OpenAsync(
        string directory, ILoggerFactory? loggers = null, TimeProvider? time = null, FaultyDisk? disk = null, HostStorageOptions? options = null) =>
        Task.Run(() => SqliteHostStorage.Open(
            new(Path.Combine(directory, "ebb.db"), null), options ?? Options, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance, disk?.Vfs));

    public static Task<IHostStorage> OpenAsync(FaultyDisk disk, TimeProvider? time = null) => OpenAsync(disk.Directory, time: time, disk: disk);

    public static async Task<RunId> EnqueueAsync(this IHostStorage storage, string body, string? key = null) =>
        (await storage.Queues.EnqueueAsync(new() { Queue = "work", Body = body, IdempotencyKey = key }, default)).RunId;

    public static async Task<IReadOnlyList<LeasedMessage>> TakeAsync(this IHostStorage storage, int count = 1) =>
        await storage.Queues.DequeueAsync(
            new() { Queue = "work", Function = "F", Instance = "i", MaxCount = count, LeaseDuration = TimeSpan.FromMinutes(5) }, default);

    public static async Task<IReadOnlyList<string>> BodiesAsync(this IHostStorage storage) =>
        [.. (await storage.Queues.PeekAsync("work", false, 100_000, default)).Select(message => message.Body)];
}
