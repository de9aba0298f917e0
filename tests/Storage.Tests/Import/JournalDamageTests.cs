using Ebb.Storage.Tests.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Tests.Import;

public sealed class JournalDamageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LogLines _log = new();

    private string Journal => Path.Combine(_directory.Path, JournalWriter.Name);

    public void Dispose()
    {
        _directory.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Open_LastRecordTornAtAnyByte_KeepsAllBeforeItAndWarns()
    {
        var bytes = await WriteAsync("first", "second", "last");
        var last = JournalWriter.Records(bytes)[^1];
        for (var length = last + 1; length < bytes.Length; length++)
        {
            await BeginAnewAsync(bytes[..length]);

            await using (var storage = await TestStore.OpenAsync(_directory.Path, _log))
                (await storage.BodiesAsync()).ShouldBe(["first", "second"], $"{length} bytes");

            var (_, text) = _log.Lines.Where(line => line.Level == LogLevel.Warning).ShouldHaveSingleItem();
            text.ShouldContain($"the last {length - last} bytes, from offset {last},");
        }
    }

    [Fact]
    public async Task Open_LastRecordDamagedAtAnyByte_IsLeftOut()
    {
        var bytes = await WriteAsync("first", "last");
        var last = JournalWriter.Records(bytes)[^1];
        for (var offset = last; offset < bytes.Length; offset++)
        {
            var damaged = bytes.ToArray();
            damaged[offset] ^= 0x10;
            await BeginAnewAsync(damaged);

            await using var storage = await TestStore.OpenAsync(_directory.Path);
            (await storage.BodiesAsync()).ShouldBe(["first"], $"offset {offset}");
        }
    }

    [Fact]
    public async Task Open_DamageAtAnyByteInTheMiddle_StopsAndChangesNothing()
    {
        var bytes = await WriteAsync("first", "second", "third");
        var records = JournalWriter.Records(bytes);
        for (var offset = records[1]; offset < records[2]; offset++)
        {
            var damaged = bytes.ToArray();
            damaged[offset] ^= 0x01;
            await File.WriteAllBytesAsync(Journal, damaged);

            var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));

            error.Message.ShouldContain(Journal);
            error.Message.ShouldContain($"offset {records[1]} of {bytes.Length}");
            error.Message.ShouldContain("backup");
            (await File.ReadAllBytesAsync(Journal)).ShouldBe(damaged);
        }
    }

    [Fact]
    public async Task Open_DamageInTheMiddleThenTheAdvisedCut_GoesOnWithWhatStandsBefore()
    {
        var bytes = await WriteAsync("first", "second", "third");
        bytes[JournalWriter.Records(bytes)[1] + 30] ^= 0x01;
        await File.WriteAllBytesAsync(Journal, bytes);
        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));
        var command = error.Message[error.Message.IndexOf("truncate ", StringComparison.Ordinal)..];

        using (var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", command]))
        {
            await shell.WaitForExitAsync();
            shell.ExitCode.ShouldBe(0);
        }

        await using var storage = await TestStore.OpenAsync(_directory.Path);
        (await storage.BodiesAsync()).ShouldBe(["first"]);
    }

    [Fact]
    public async Task Open_ClosedStoreWithItsLastOperationDamaged_Stops()
    {
        var bytes = JournalWriter.OfMessages("acknowledged");
        bytes = JournalWriter.Append(bytes, """{"op":"closed","at":"2030-01-01T00:00:00+00:00"}""", durable: bytes.Length);
        bytes[JournalWriter.Records(bytes)[0] + 40] ^= 0x01;
        await File.WriteAllBytesAsync(Journal, bytes);

        await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));
    }

    /// <summary>After a power failure pages of one unfinished write may be there or not, in any order.</summary>
    [Fact]
    public async Task Open_HoleInAWriteThatNeverWasDurable_IsLeftOut()
    {
        var bytes = JournalWriter.Header();
        for (var i = 0; i < 3; i++)
        {
            bytes = JournalWriter.Append(
                bytes, $$$"""{"op":"documentPut","document":{"key":"{{{i}}}","value":"1","version":{{{i + 1}}},"updatedAt":"2030-01-01T00:00:00+00:00"}}""", durable: 16);
        }
        bytes.AsSpan(JournalWriter.Records(bytes)[1], 60).Clear();
        await File.WriteAllBytesAsync(Journal, bytes);

        await using var storage = await TestStore.OpenAsync(_directory.Path, _log);

        (await storage.Documents.ListAsync("", default)).ShouldHaveSingleItem().Key.ShouldBe("0");
        _log.Lines.Count(line => line.Level == LogLevel.Warning).ShouldBe(1);
    }

    [Fact]
    public async Task Open_UnknownVersion_SaysWhichAndStops()
    {
        var bytes = await WriteAsync("first");
        JournalWriter.Header(version: 7).CopyTo(bytes, 0);
        await File.WriteAllBytesAsync(Journal, bytes);

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));

        error.Message.ShouldContain("version 7; this program reads version 1");
    }

    [Fact]
    public async Task Open_SomethingElse_IsNotTakenForAJournal()
    {
        await WriteAsync("first");
        await File.WriteAllTextAsync(Journal, "a letter to a friend");

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));

        error.Message.ShouldContain("is not a journal");
    }

    [Fact]
    public async Task Open_OperationOfANewerProgram_SaysSoAndStops()
    {
        var bytes = await WriteAsync("first");
        await File.WriteAllBytesAsync(Journal, JournalWriter.Append(bytes, """{"op":"teleported"}""", bytes.Length));

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));

        error.Message.ShouldContain($"offset {bytes.Length}");
        error.Message.ShouldContain("newer version");
    }

    private async Task<byte[]> WriteAsync(params string[] bodies)
    {
        var bytes = JournalWriter.OfMessages(bodies);
        await File.WriteAllBytesAsync(Journal, bytes);
        return bytes;
    }

    /// <summary>As if nothing had been imported yet.</summary>
    private async Task BeginAnewAsync(byte[] journal)
    {
        foreach (var file in Directory.GetFiles(_directory.Path))
            File.Delete(file);
        _log.Lines.Clear();
        await File.WriteAllBytesAsync(Journal, journal);
    }
}
