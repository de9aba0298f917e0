using Ebb.Storage.File;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Storage.Tests.Journal;

/// <summary>Opens file stores for tests of the journal.</summary>
internal static class JournalStore
{
    public static HostStorageOptions Options { get; } = new() { Storage = "file:" };

    public static Task<IHostStorage> OpenAsync(JournalDirectory directory, TimeProvider? time = null, ILoggerFactory? loggers = null, HostStorageOptions? options = null) =>
        FileHostStorage.OpenAsync(directory, options ?? Options, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance);

    public static Task<IHostStorage> OpenAsync(string directory, ILoggerFactory? loggers = null) =>
        OpenAsync(new JournalDirectory(directory), loggers: loggers);

    public static async Task<RunId> EnqueueAsync(this IHostStorage storage, string body, string? key = null) =>
        (await storage.Queues.EnqueueAsync(new() { Queue = "work", Body = body, IdempotencyKey = key }, default)).RunId;

    public static async Task<IReadOnlyList<LeasedMessage>> TakeAsync(this IHostStorage storage, int count = 1) =>
        await storage.Queues.DequeueAsync(
            new() { Queue = "work", Function = "F", Instance = "i", MaxCount = count, LeaseDuration = TimeSpan.FromMinutes(5) }, default);

    public static async Task<IReadOnlyList<string>> BodiesAsync(this IHostStorage storage) =>
        [.. (await storage.Queues.PeekAsync("work", false, 100_000, default)).Select(message => message.Body)];
}
