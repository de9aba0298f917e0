using System.Buffers;
using System.Text;
using Ebb.Storage.File;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Tests.Journal;

public sealed class JournalDamageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LogLines _log = new();

    public void Dispose()
    {
        _directory.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Open_LastRecordTornAtAnyByte_KeepsAllBeforeItAndWarns()
    {
        var bytes = await WriteAsync("first", "second", "last");
        var last = Records(bytes)[^1];
        for (var length = last + 1; length < bytes.Length; length++)
        {
            _log.Lines.Clear();
            await System.IO.File.WriteAllBytesAsync(_directory.Journal, bytes[..length]);

            await using (var storage = await JournalStore.OpenAsync(_directory.Path, _log))
                (await storage.BodiesAsync()).ShouldBe(["first", "second"], $"{length} bytes");

            var (level, text) = _log.Lines.ShouldHaveSingleItem();
            level.ShouldBe(LogLevel.Warning);
            text.ShouldContain($"the last {length - last} bytes, from offset {last},");
        }
    }

    [Fact]
    public async Task Open_LastRecordDamagedAtAnyByte_IsCutOff()
    {
        var bytes = await WriteAsync("first", "last");
        var last = Records(bytes)[^1];
        for (var offset = last; offset < bytes.Length; offset++)
        {
            var damaged = bytes.ToArray();
            damaged[offset] ^= 0x10;
            await System.IO.File.WriteAllBytesAsync(_directory.Journal, damaged);

            await using var storage = await JournalStore.OpenAsync(_directory.Path);
            (await storage.BodiesAsync()).ShouldBe(["first"], $"offset {offset}");
        }
    }

    [Fact]
    public async Task Open_AfterACut_StoresAgainAndKeepsIt()
    {
        var bytes = await WriteAsync("first", "last");
        await System.IO.File.WriteAllBytesAsync(_directory.Journal, bytes[..^3]);
        await using (var storage = await JournalStore.OpenAsync(_directory.Path))
            await storage.EnqueueAsync("next");

        await using var again = await JournalStore.OpenAsync(_directory.Path, _log);

        (await again.BodiesAsync()).ShouldBe(["first", "next"]);
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_DamageAtAnyByteInTheMiddle_StopsAndChangesNothing()
    {
        var bytes = await WriteAsync("first", "second", "third");
        var records = Records(bytes);
        for (var offset = records[1]; offset < records[2]; offset++)
        {
            var damaged = bytes.ToArray();
            damaged[offset] ^= 0x01;
            await System.IO.File.WriteAllBytesAsync(_directory.Journal, damaged);

            var error = await Should.ThrowAsync<HostStorageException>(() => JournalStore.OpenAsync(_directory.Path));

            error.Message.ShouldContain(_directory.Journal);
            error.Message.ShouldContain($"offset {records[1]} of {bytes.Length}");
            error.Message.ShouldContain("backup");
            (await System.IO.File.ReadAllBytesAsync(_directory.Journal)).ShouldBe(damaged);
        }
    }

    [Fact]
    public async Task Open_DamageInTheMiddleThenTheAdvisedCut_GoesOnWithWhatStandsBefore()
    {
        var bytes = await WriteAsync("first", "second", "third");
        bytes[Records(bytes)[1] + 30] ^= 0x01;
        await System.IO.File.WriteAllBytesAsync(_directory.Journal, bytes);
        var error = await Should.ThrowAsync<HostStorageException>(() => JournalStore.OpenAsync(_directory.Path));
        var command = error.Message[error.Message.IndexOf("truncate ", StringComparison.Ordinal)..];

        using (var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", command]))
        {
            await shell.WaitForExitAsync();
            shell.ExitCode.ShouldBe(0);
        }

        await using var storage = await JournalStore.OpenAsync(_directory.Path);
        (await storage.BodiesAsync()).ShouldBe(["first"]);
    }

    [Fact]
    public async Task Open_ClosedStoreWithItsLastOperationDamaged_Stops()
    {
        await using (var storage = await JournalStore.OpenAsync(_directory.Path))
            await storage.EnqueueAsync("acknowledged");
        var bytes = await System.IO.File.ReadAllBytesAsync(_directory.Journal);
        bytes[Records(bytes)[0] + 40] ^= 0x01;
        await System.IO.File.WriteAllBytesAsync(_directory.Journal, bytes);

        await Should.ThrowAsync<HostStorageException>(() => JournalStore.OpenAsync(_directory.Path));
    }

    /// <summary>After a power failure pages of one unfinished write may be there or not, in any order.</summary>
    [Fact]
    public async Task Open_HoleInAWriteThatNeverWasDurable_IsCutOff()
    {
        var records = new ArrayBufferWriter<byte>();
        var header = new byte[JournalFormat.FileHeaderLength];
        JournalFormat.WriteFileHeader(header);
        records.Write(header);
        for (var i = 0; i < 3; i++)
        {
            JournalFormat.WriteRecord(
                records, Encoding.UTF8.GetBytes($$$"""{"op":"documentPut","document":{"key":"{{{i}}}","value":"1","version":{{{i + 1}}},"updatedAt":"2030-01-01T00:00:00+00:00"}}"""),
                durable: header.Length);
        }
        var bytes = records.WrittenSpan.ToArray();
        bytes.AsSpan(Records(bytes)[1], 60).Clear();
        await System.IO.File.WriteAllBytesAsync(Path.Combine(_directory.Path, "journal-00000001.log"), bytes);

        await using var storage = await JournalStore.OpenAsync(_directory.Path, _log);

        (await storage.Documents.ListAsync("", default)).ShouldHaveSingleItem().Key.ShouldBe("0");
        _log.Lines.Count(line => line.Level == LogLevel.Warning).ShouldBe(1);
    }

    [Fact]
    public async Task Open_UnknownVersion_SaysWhichAndStops()
    {
        var bytes = await WriteAsync("first");
        JournalFormat.WriteFileHeader(bytes, version: 7);
        await System.IO.File.WriteAllBytesAsync(_directory.Journal, bytes);

        var error = await Should.ThrowAsync<HostStorageException>(() => JournalStore.OpenAsync(_directory.Path));

        error.Message.ShouldContain("version 7; this program reads version 1");
    }

    [Fact]
    public async Task Open_SomethingElse_IsNotTakenForAJournal()
    {
        await WriteAsync("first");
        await System.IO.File.WriteAllTextAsync(_directory.Journal, "a letter to a friend");

        var error = await Should.ThrowAsync<HostStorageException>(() => JournalStore.OpenAsync(_directory.Path));

        error.Message.ShouldContain("is not a journal");
    }

    [Fact]
    public async Task Open_OperationOfANewerProgram_SaysSoAndStops()
    {
        var bytes = await WriteAsync("first");
        var records = new ArrayBufferWriter<byte>();
        records.Write(bytes);
        JournalFormat.WriteRecord(records, """{"op":"teleported"}"""u8, bytes.Length);
        await System.IO.File.WriteAllBytesAsync(_directory.Journal, records.WrittenSpan.ToArray());

        var error = await Should.ThrowAsync<HostStorageException>(() => JournalStore.OpenAsync(_directory.Path));

        error.Message.ShouldContain($"offset {bytes.Length}");
        error.Message.ShouldContain("newer version");
    }

    /// <summary>Stores messages and yields the journal's bytes as a killed process leaves them: without the closing record.</summary>
    private async Task<byte[]> WriteAsync(params string[] bodies)
    {
        await using (var storage = await JournalStore.OpenAsync(_directory.Path))
        {
            foreach (var body in bodies)
                await storage.EnqueueAsync(body);
        }
        var bytes = await System.IO.File.ReadAllBytesAsync(_directory.Journal);
        return bytes[..Records(bytes)[^1]];
    }

    private static List<int> Records(byte[] bytes)
    {
        List<int> offsets = [];
        for (var i = 0; i <= bytes.Length - JournalFormat.Magic.Length; i++)
        {
            if (bytes.AsSpan(i).StartsWith(JournalFormat.Magic))
                offsets.Add(i);
        }
        return offsets;
    }
}
