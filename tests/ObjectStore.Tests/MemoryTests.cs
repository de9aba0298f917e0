using System.Diagnostics;

namespace Ebb.ObjectStore.Tests;

/// <summary>Alone, because it looks at the whole process's memory.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests(S3rverFixture fixture) : StoreTestBase, IClassFixture<S3rverFixture>
{
    private const int Chunk = 1024 * 1024;
    private const int Chunks = 300;

    [Fact]
    public async Task UploadOf300MiB_TakesNoMoreMemoryThanItsBuffers()
    {
        await using var store = Open(Options(fixture.Server.Login, $"{Guid.NewGuid():N}"));
        var chunk = Bytes(Chunk);
        await UploadAsync(store, ObjectKey.Parse("warm"), Bytes(20_000_000));
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        long most = 0;

        await using var upload = await store.OpenUploadAsync(ObjectKey.Parse("large"), UploadOptions.Default, Cancellation);
        for (var i = 0; i < Chunks; i++)
        {
            await upload.WriteAsync(chunk, Cancellation);
            process.Refresh();
            most = Math.Max(most, process.WorkingSet64 - before);
        }

        (await upload.CompleteAsync(Cancellation)).Size.ShouldBe((long)Chunk * Chunks);
        most.ShouldBeLessThan(100L * 1024 * 1024);
    }
}
