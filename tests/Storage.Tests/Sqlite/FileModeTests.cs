using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Ebb.Storage.Tests.Sqlite;

/// <summary>Who may read what the file store writes: its own user.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class FileModeTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = Private | UnixFileMode.UserExecute;
    private const UnixFileMode Everything = (UnixFileMode)0b111_111_111;

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
        await using var storage = await TestStore.OpenAsync(Store);
        await storage.EnqueueAsync("1");

        ShouldBePrivate();
        Directory.EnumerateFiles(Store).Select(Path.GetFileName).ShouldBe(["ebb.db", "ebb.db-wal", "lock", "owner.json"], ignoreOrder: true);
    }

    [Fact]
    public async Task Open_StoreOpenToOthers_IsTightenedAndSaysSoOnce()
    {
        using var log = new LogLines();
        await (await TestStore.OpenAsync(Store)).DisposeAsync();
        File.SetUnixFileMode(Store, Everything);
        foreach (var file in Directory.EnumerateFiles(Store))
            File.SetUnixFileMode(file, Everything);

        await (await TestStore.OpenAsync(Store, log)).DisposeAsync();
        await (await TestStore.OpenAsync(Store, log)).DisposeAsync();

        ShouldBePrivate();
        log.Lines.Where(line => line.Text.Contains("open to other users")).ShouldHaveSingleItem().Text.ShouldSatisfyAllConditions(
            text => text.ShouldContain(Store), text => text.ShouldContain("ebb.db"));
    }

    [Fact]
    public async Task Open_DirectoryThatOthersNeedToo_TightensOnlyItsOwnFiles()
    {
        Directory.CreateDirectory(Store);
        var foreign = Path.Combine(Store, "journal.txt");
        await File.WriteAllTextAsync(foreign, "");
        File.SetUnixFileMode(Store, Everything);
        File.SetUnixFileMode(foreign, Everything);

        await using var storage = await TestStore.OpenAsync(Store);

        File.GetUnixFileMode(Store).ShouldBe(Everything);
        File.GetUnixFileMode(foreign).ShouldBe(Everything);
        File.GetUnixFileMode(Path.Combine(Store, "ebb.db")).ShouldBe(Private);
    }

    private void ShouldBePrivate()
    {
        File.GetUnixFileMode(Store).ShouldBe(PrivateDirectory);
        Directory.EnumerateFiles(Store).ShouldAllBe(file => (File.GetUnixFileMode(file) & ~PrivateDirectory) == UnixFileMode.None);
        File.Exists(Path.Combine(Store, "ebb.db")).ShouldBeTrue();
    }

    [LibraryImport("libc.so.6", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetUmask(int mask);
}
