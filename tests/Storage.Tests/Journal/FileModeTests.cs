using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Ebb.Storage.Tests.Journal;

/// <summary>Who may read what the file store writes: its own user.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class FileModeTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = Private | UnixFileMode.UserExecute;
    private const UnixFileMode Everything = (UnixFileMode)0b111_111_111;

    private static readonly string Ballast = new('x', 500_000);

    private readonly TemporaryDirectory _directory = new();
    private readonly int _umask = SetUmask(0);

    private string Store => Path.Combine(_directory.Path, "a", "store");

    public void Dispose()
    {
        _ = SetUmask(_umask);
        _directory.Dispose();
    }

    [Fact]
    public async Task Open_NewStoreUnderAnyUmask_IsItsUsersOnly()
    {
        await using var storage = await JournalStore.OpenAsync(Store);
        await storage.EnqueueAsync("1");

        ShouldBePrivate();
        Directory.EnumerateFiles(Store).Select(Path.GetFileName).ShouldBe(["journal-00000001.log", "lock", "owner.json"], ignoreOrder: true);
    }

    [Fact]
    public async Task Journal_Compacted_IsItsUsersOnly()
    {
        await using (var storage = await JournalStore.OpenAsync(Store))
        {
            for (var i = 0; i < 40; i++)
                await storage.Documents.PutAsync("key", Ballast, null, default);
        }

        Directory.EnumerateFiles(Store, "journal-*.log").ShouldHaveSingleItem().ShouldNotEndWith("00000001.log");
        ShouldBePrivate();
    }

    [Fact]
    public async Task Open_StoreOpenToOthers_IsTightenedAndSaysSoOnce()
    {
        using var log = new LogLines();
        await (await JournalStore.OpenAsync(Store)).DisposeAsync();
        System.IO.File.SetUnixFileMode(Store, Everything);
        foreach (var file in Directory.EnumerateFiles(Store))
            System.IO.File.SetUnixFileMode(file, Everything);

        await (await JournalStore.OpenAsync(Store, log)).DisposeAsync();
        await (await JournalStore.OpenAsync(Store, log)).DisposeAsync();

        ShouldBePrivate();
        log.Lines.Where(line => line.Text.Contains("open to other users")).ShouldHaveSingleItem().Text.ShouldSatisfyAllConditions(
            text => text.ShouldContain(Store), text => text.ShouldContain("journal-00000001.log"));
    }

    [Fact]
    public async Task Open_DirectoryThatOthersNeedToo_TightensOnlyItsOwnFiles()
    {
        Directory.CreateDirectory(Store);
        var foreign = Path.Combine(Store, "journal.txt");
        await System.IO.File.WriteAllTextAsync(foreign, "");
        System.IO.File.SetUnixFileMode(Store, Everything);
        System.IO.File.SetUnixFileMode(foreign, Everything);

        await using var storage = await JournalStore.OpenAsync(Store);

        System.IO.File.GetUnixFileMode(Store).ShouldBe(Everything);
        System.IO.File.GetUnixFileMode(foreign).ShouldBe(Everything);
        System.IO.File.GetUnixFileMode(Path.Combine(Store, "journal-00000001.log")).ShouldBe(Private);
    }

    private void ShouldBePrivate()
    {
        System.IO.File.GetUnixFileMode(Store).ShouldBe(PrivateDirectory);
        Directory.EnumerateFiles(Store).ShouldAllBe(file => (System.IO.File.GetUnixFileMode(file) & ~PrivateDirectory) == UnixFileMode.None);
        Directory.EnumerateFiles(Store, "journal-*").ShouldNotBeEmpty();
    }

    [LibraryImport("libc.so.6", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetUmask(int mask);
}
