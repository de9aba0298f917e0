using System.Security.Cryptography;
using Ebb.Http;
using Ebb.TestServers.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.ObjectStore.Tests;

/// <summary>What tests of stores share.</summary>
public abstract class StoreTestBase
{
    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static ResilienceOptions Quick { get; } = new() { MaxRetries = 4, BaseDelay = TimeSpan.FromMilliseconds(2), MaxDelay = TimeSpan.FromMilliseconds(10), AttemptTimeout = TimeSpan.FromSeconds(60) };

    internal static ObjectStoreOptions Options(S3Login login, string prefix) => new()
    {
        Url = $"s3://{login.Bucket}/{prefix}",
        Endpoint = login.Endpoint,
        AccessKey = login.AccessKey,
        SecretKey = login.SecretKey,
        Resilience = Quick,
    };

    internal static IObjectStore Open(ObjectStoreOptions options, TimeProvider? time = null) =>
        ObjectStores.Open(options, time ?? TimeProvider.System, NullLogger.Instance);

    internal static byte[] Bytes(int count) => RandomNumberGenerator.GetBytes(count);

    internal static async Task<StoredObject> UploadAsync(IObjectStore store, ObjectKey key, byte[] content, int chunk = 64 * 1024, UploadOptions? options = null)
    {
        await using var upload = await store.OpenUploadAsync(key, options ?? UploadOptions.Default, Cancellation);
        foreach (var part in content.Chunk(chunk))
        {
            await upload.WriteAsync(part, Cancellation);
        }

        return await upload.CompleteAsync(Cancellation);
    }

    internal static async Task<List<string>> ListAsync(IObjectStore store, string prefix = "") =>
        [.. (await store.ListAsync(prefix, Cancellation).Select(info => info.Key.Value).ToListAsync(Cancellation)).Order(StringComparer.Ordinal)];

    // Shouldly compares element by element, which takes many seconds for megabytes.
    internal static void ShouldBeSame(byte[]? actual, byte[] expected) => actual.AsSpan().SequenceEqual(expected).ShouldBeTrue();

    internal static async Task<ObjectStoreException> FaultAsync(Func<Task> action, ObjectStoreFault fault)
    {
        var exception = await action.ShouldThrowAsync<ObjectStoreException>();
        exception.Fault.ShouldBe(fault, exception.Message);
        return exception;
    }
}
