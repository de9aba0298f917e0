using Ebb.EtcdBackup.Drills;

namespace Ebb.EtcdBackup.Tests.Drills;

public sealed class EncryptedSpoolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-spool-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(EncryptedSpool.BlockBytes)]
    [InlineData((3 * EncryptedSpool.BlockBytes) + 5)]
    public async Task Read_AnyPart_IsWhatWasWritten(int length)
    {
        var content = new byte[length + 32];
        Random.Shared.NextBytes(content);
        using var spool = await WriteAsync(content);
        spool.Length.ShouldBe(length);
        for (var i = 0; i < 200; i++)
        {
            var start = Random.Shared.Next(length + 1);
            var part = new byte[Random.Shared.Next(length - start + 1)];
            spool.Read(start, part);
            part.ShouldBe(content[start..(start + part.Length)]);
        }

        Should.Throw<EndOfStreamException>(() => spool.Read(length, new byte[1]));
        var copy = new MemoryStream();
        await spool.CopyToAsync(copy, default);
        copy.ToArray().ShouldBe(content);
    }

    [Fact]
    public async Task Append_LargerThanTheCache_IsReadInBoundedMemory()
    {
        // 40 MB in blocks, more than are cached; every block tells its own number.
        using var spool = EncryptedSpool.Create(_folder.FullName);
        var block = new byte[EncryptedSpool.BlockBytes];
        for (var i = 0; i < 1250; i++)
        {
            BitConverter.TryWriteBytes(block, i);
            await spool.AppendAsync(block, default);
        }

        await spool.CompleteAsync(0, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var number = new byte[sizeof(int)];
        foreach (var i in Enumerable.Range(0, 5000).Select(step => step * 617 % 1250))
        {
            spool.Read((long)i * EncryptedSpool.BlockBytes, number);
            BitConverter.ToInt32(number).ShouldBe(i);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(24 * 1024 * 1024);
    }

    [Fact]
    public async Task File_WhileItIsInUse_HasNoNameAndNothingToRead()
    {
        var content = new byte[100_000];
        "a secret of the cluster"u8.CopyTo(content.AsSpan(50_000));
        using var spool = await WriteAsync(content);
        _folder.EnumerateFileSystemInfos().ShouldBeEmpty();

        var links = Directory.EnumerateFiles("/proc/self/fd").Where(link => new FileInfo(link).LinkTarget?.StartsWith(_folder.FullName, StringComparison.Ordinal) is true);
        var bytes = await File.ReadAllBytesAsync(links.ShouldHaveSingleItem());
        bytes.Length.ShouldBeGreaterThan(100_000);
        bytes.AsSpan().IndexOf("a secret"u8).ShouldBe(-1);
        bytes.Count(value => value == 0).ShouldBeLessThan(bytes.Length / 50);
    }

    [Fact]
    public async Task Read_FileChangedUnderIt_IsRefused()
    {
        using var spool = await WriteAsync(new byte[100_000]);
        var link = Directory.EnumerateFiles("/proc/self/fd").Single(file => new FileInfo(file).LinkTarget?.StartsWith(_folder.FullName, StringComparison.Ordinal) is true);
        await using (var file = new FileStream(link, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 40_000;
            file.WriteByte(7);
        }

        spool.Read(0, new byte[100]);
        Should.Throw<System.Security.Cryptography.AuthenticationTagMismatchException>(() => spool.Read(40_000, new byte[100]));
    }

    [Fact]
    public void Create_NoSuchDirectory_IsAnIOException() =>
        Should.Throw<DirectoryNotFoundException>(() => EncryptedSpool.Create(Path.Combine(_folder.FullName, "missing")));

    private async Task<EncryptedSpool> WriteAsync(byte[] content)
    {
        var spool = EncryptedSpool.Create(_folder.FullName);
        for (var at = 0; at < content.Length; at += 7001)
        {
            await spool.AppendAsync(content.AsMemory(at, Math.Min(7001, content.Length - at)), default);
        }

        await spool.CompleteAsync(32, default);
        return spool;
    }
}
