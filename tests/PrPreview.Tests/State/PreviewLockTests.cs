using Ebb.Contracts.Previews;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.PrPreview.Tests.State;

public sealed class PreviewLockTests : IAsyncLifetime
{
    private static readonly PreviewName Name = PreviewName.For(AppName.Parse("shop"), 7);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-lock-");
    private readonly MovedTime _time = new();
    private IHostStorage _storage = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _storage = await HostStorage.OpenAsync(
        new HostStorageOptions { Storage = $"sqlite:{_folder.FullName}/ebb.db" }, TimeProvider.System, NullLoggerFactory.Instance, Token);

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Do_AnotherRunHasIt_IsPostponed()
    {
        var locks = new PreviewLock(_storage.Documents, _time);
        await locks.DoAsync(Name, RunId.New(_time), async _ =>
        {
            await Should.ThrowAsync<FunctionPostponedException>(() => DoAsync(locks, RunId.New(_time)));
            return true;
        }, Token);
        await DoAsync(locks, RunId.New(_time));
    }

    [Fact]
    public async Task Do_WorkFails_GivesItBack()
    {
        var locks = new PreviewLock(_storage.Documents, _time);
        await Should.ThrowAsync<InvalidOperationException>(() => locks.DoAsync<bool>(Name, RunId.New(_time), _ => throw new InvalidOperationException(), Token));
        await DoAsync(locks, RunId.New(_time));
    }

    [Fact]
    public async Task Do_ItsProcessDied_TheSameRunGoesOnAtOnceAndAnotherWhenItLapsed()
    {
        var run = RunId.New(_time);
        await LeaveBehindAsync(run);
        await Should.ThrowAsync<FunctionPostponedException>(() => DoAsync(new PreviewLock(_storage.Documents, _time), RunId.New(_time)));
        await DoAsync(new PreviewLock(_storage.Documents, _time), run);

        await LeaveBehindAsync(run);
        _time.Move(TimeSpan.FromMinutes(4));
        await DoAsync(new PreviewLock(_storage.Documents, _time), RunId.New(_time));
    }

    // What a killed process leaves: its lock.
    private async Task LeaveBehindAsync(RunId run)
    {
        Document? held = null;
        await new PreviewLock(_storage.Documents, _time).DoAsync(Name, run, async token =>
        {
            held = await _storage.Documents.GetAsync("preview-locks/" + Name, token);
            return true;
        }, Token);
        await _storage.Documents.PutAsync(held!.Key, held.Value, expectedVersion: null, Token);
    }

    private static Task<bool> DoAsync(PreviewLock locks, RunId run) => locks.DoAsync(Name, run, _ => Task.FromResult(true), Token);
}
