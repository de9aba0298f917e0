using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.State;
using Ebb.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.PrPreview.Tests.State;

public sealed class PreviewDocumentsTests : IAsyncLifetime
{
    private static readonly PreviewName Name = PreviewName.For(AppName.Parse("shop"), 7);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-preview-documents-");
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
    public async Task Forget_ItCameBackMeanwhile_IsKept()
    {
        var documents = new PreviewDocuments(_storage.Documents);
        var tombstone = await documents.WriteAsync(before: null, Preview(PreviewState.Removed), Token);
        await documents.WriteAsync(tombstone, tombstone with { State = PreviewState.Preparing }, Token);

        (await documents.ForgetAsync(tombstone, Token)).ShouldBeFalse();

        (await documents.FindAsync(Name, Token))!.State.ShouldBe(PreviewState.Preparing);
    }

    [Fact]
    public async Task Forget_NothingHappened_IsForgotten()
    {
        var documents = new PreviewDocuments(_storage.Documents);
        var tombstone = await documents.WriteAsync(before: null, Preview(PreviewState.Removed), Token);

        (await documents.ForgetAsync(tombstone, Token)).ShouldBeTrue();

        (await documents.FindAsync(Name, Token)).ShouldBeNull();
    }

    internal static Preview Preview(PreviewState state) => new()
    {
        Name = Name.Value,
        App = AppName.Parse("shop"),
        Number = 7,
        Server = "gitea",
        Host = GitHostKind.Gitea,
        Repository = new GitRepository { Id = "42", FullName = "acme/shop" },
        Url = new Uri("https://shop-pr-7.preview.example.com"),
        HeadSha = CommitSha.Parse(Sample.Sha),
        State = state,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Since = DateTimeOffset.UnixEpoch,
        LastActivityAt = DateTimeOffset.UnixEpoch,
        Written = state is PreviewState.Removed ? null : new WrittenObjects(),
    };
}
