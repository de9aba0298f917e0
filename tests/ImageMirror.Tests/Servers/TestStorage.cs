using Ebb.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.ImageMirror.Tests.Servers;

/// <summary>Host storage in a directory of its own.</summary>
internal sealed class TestStorage : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly IHostStorage _storage;

    private TestStorage(DirectoryInfo folder, IHostStorage storage) => (_folder, _storage) = (folder, storage);

    public IDocumentStore Documents => _storage.Documents;

    public static async Task<TestStorage> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("ebb-mirror-storage-");
        return new(folder, await HostStorage.OpenAsync(
            new HostStorageOptions { Storage = $"sqlite:{folder.FullName}/ebb.db" }, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
    }

    public async Task<IReadOnlyList<Document>> AllAsync() => await Documents.ListAsync("image-mirror/", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
