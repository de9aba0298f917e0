using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Storage.Tests.Sqlite;

public sealed class DirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Open_MissingDirectory_IsCreated()
    {
        var path = Path.Combine(_directory.Path, "a", "b", "ebb.db");

        await using var storage = await OpenAsync("sqlite:" + path);
        await storage.EnqueueAsync("1");

        File.Exists(path).ShouldBeTrue();
    }

    [Fact]
    public async Task Open_DirectoryInUse_NamesTheProcessAndTheRemedy()
    {
        await using (await OpenAsync("sqlite:" + _directory.Database, "http://127.0.0.1:7071"))
        {
            var error = await Should.ThrowAsync<HostStorageException>(() => OpenAsync("sqlite:" + _directory.Database));

            error.Message.ShouldContain(_directory.Path);
            error.Message.ShouldContain($"process {Environment.ProcessId} on {Environment.MachineName}");
            error.Message.ShouldContain("http://127.0.0.1:7071");
            error.Message.ShouldContain("another directory");
        }
        await using var free = await OpenAsync("sqlite:" + _directory.Database);
        (await free.BodiesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_OwnerLeftByADeadProcess_IsNoObstacle()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "owner.json"), """{"pid":1,"host":"gone"}""");
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "lock"), "");

        await using var storage = await OpenAsync("sqlite:" + _directory.Database);
        await storage.EnqueueAsync("1");
    }

    [Fact]
    public async Task Open_DirectoryThatIsAFile_SaysWhatIsNeeded()
    {
        var path = Path.Combine(_directory.Path, "file", "ebb.db");
        await File.WriteAllTextAsync(Path.GetDirectoryName(path)!, "");

        var error = await Should.ThrowAsync<HostStorageException>(() => OpenAsync("sqlite:" + path));

        error.Message.ShouldContain(path);
        error.Message.ShouldContain("writable");
    }

    [Fact]
    public async Task Open_PathThatCannotBeWritten_SaysWhatIsNeeded()
    {
        var error = await Should.ThrowAsync<HostStorageException>(() => OpenAsync("sqlite:/proc/ebb/ebb.db"));

        error.Message.ShouldContain("/proc/ebb");
        error.Message.ShouldContain("writable");
    }

    [Theory]
    [InlineData("")]
    [InlineData("file:")]
    [InlineData("sqlite:")]
    [InlineData("sqlite::memory:")]
    [InlineData("sqlite:/var/lib/ebb/")]
    [InlineData("/var/lib/ebb")]
    [InlineData("sqlite://secret@host")]
    public async Task Open_WrongSetting_SaysWhatIsRightAndShowsNoSecret(string setting)
    {
        var error = await Should.ThrowAsync<HostStorageException>(() => OpenAsync(setting));

        error.Message.ShouldContain("sqlite:<file>");
        error.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Open_LeasesOfTheProcessBefore_AreVoidAtOnce()
    {
        RunId id;
        await using (var storage = await OpenAsync("sqlite:" + _directory.Database))
        {
            id = await storage.EnqueueAsync("1");
            await storage.TakeAsync();
        }
        await using var next = await OpenAsync("sqlite:" + _directory.Database);

        var run = (await next.Runs.GetAsync(id, default)).ShouldNotBeNull();
        run.State.ShouldBe(RunState.Queued);
        run.Attempts.ShouldHaveSingleItem().Error!.Type.ShouldBe("LeaseLapsed");
        (await next.TakeAsync()).ShouldHaveSingleItem().DequeueCount.ShouldBe(2);
    }

    [Fact]
    public async Task Open_HttpRunOfTheProcessBefore_EndsFailed()
    {
        var run = new Run { Id = RunId.New(TimeProvider.System), Trigger = TriggerKind.Http, State = RunState.Running, CreatedAt = default };
        await using (var storage = await OpenAsync("sqlite:" + _directory.Database))
            await storage.Runs.RecordAsync(run, default);
        await using var next = await OpenAsync("sqlite:" + _directory.Database);

        var stored = (await next.Runs.GetAsync(run.Id, default)).ShouldNotBeNull();
        (stored.State, stored.Error!.Type).ShouldBe((RunState.Failed, "HostStopped"));
    }

    private static async Task<IHostStorage> OpenAsync(string setting, string? adminUrl = null) =>
        await HostStorage.OpenAsync(new() { Storage = setting, AdminUrl = adminUrl }, TimeProvider.System, NullLoggerFactory.Instance, default);
}
