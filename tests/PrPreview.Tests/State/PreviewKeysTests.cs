using Ebb.Contracts.Previews;
using Ebb.PrPreview.State;
using Ebb.Storage;
using Ebb.Storage.Exclusion;
using Ebb.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.PrPreview.Tests.State;

public sealed class PreviewKeysTests : IAsyncLifetime
{
    private static readonly PreviewName Name = PreviewName.For(AppName.Parse("shop"), 7);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-lock-");
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
        var keys = Keys();
        await keys.DoAsync(Name, RunId.New(TimeProvider.System), async (_, _) =>
        {
            await Should.ThrowAsync<FunctionPostponedException>(() => DoAsync(keys, RunId.New(TimeProvider.System)));
            return true;
        }, Token);
        await DoAsync(keys, RunId.New(TimeProvider.System));
    }

    [Fact]
    public async Task Do_WorkFails_GivesItBack()
    {
        var keys = Keys();
        await Should.ThrowAsync<InvalidOperationException>(() => keys.DoAsync<bool>(Name, RunId.New(TimeProvider.System), (_, _) => throw new InvalidOperationException(), Token));
        await DoAsync(keys, RunId.New(TimeProvider.System));
    }

    [Fact]
    public async Task Do_ItsProcessDied_TheSameRunGoesOnAtOnceAndAnotherWhenItsLeaseLapsed()
    {
        var run = (await _storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = "previews", Body = "{}" }, Token)).RunId;
        var message = await DequeueAsync();
        await LeaveBehindAsync(run);
        await Should.ThrowAsync<FunctionPostponedException>(() => DoAsync(Keys(), RunId.New(TimeProvider.System)));
        await DoAsync(Keys(), run);

        await LeaveBehindAsync(run);
        (await _storage.Queues.RenewAsync(message, TimeSpan.FromMilliseconds(1), Token)).ShouldBeTrue();
        while ((await _storage.Runs.GetAsync(run, Token))!.State is RunState.Running)
        {
            await Task.Delay(10, Token);
        }

        await DoAsync(Keys(), RunId.New(TimeProvider.System));
    }

    // The preview is another run's by now.
    [Fact]
    public async Task Do_KeyIsAnothersWhenItWrites_NothingIsWritten()
    {
        var (preview, run) = (PreviewDocumentsTests.Preview(PreviewState.Preparing), RunId.New(TimeProvider.System));
        await Keys().DoAsync(Name, run, async (old, _) =>
        {
            await Keys().DoAsync(Name, run, (documents, token) => documents.WriteAsync(null, preview, token), Token);
            await Should.ThrowAsync<KeyLostException>(() => old.WriteAsync(null, preview with { State = PreviewState.Failed }, Token));
            return true;
        }, Token);
        (await new PreviewDocuments(_storage.Documents).FindAsync(Name, Token))!.State.ShouldBe(PreviewState.Preparing);
    }

    // What a killed process leaves: its key.
    private async Task LeaveBehindAsync(RunId run)
    {
        Document? held = null;
        await Keys().DoAsync(Name, run, async (_, token) =>
        {
            held = await _storage.Documents.GetAsync("preview-locks/" + Name, token);
            return true;
        }, Token);
        await _storage.Documents.PutAsync(held!.Key, held.Value, expectedVersion: null, Token);
    }

    private PreviewKeys Keys() => new(new ExclusiveKeys(_storage, TimeProvider.System, NullLogger<ExclusiveKeys>.Instance));

    private async Task<LeasedMessage> DequeueAsync() => (await _storage.Queues.DequeueAsync(
        new DequeueRequest { Queue = "previews", Function = "PreviewOnRequest", Instance = "one", MaxCount = 1, LeaseDuration = TimeSpan.FromMinutes(1) }, Token)).ShouldHaveSingleItem();

    private static Task<bool> DoAsync(PreviewKeys keys, RunId run) => keys.DoAsync(Name, run, (_, _) => Task.FromResult(true), Token);
}
