namespace Ebb.ObjectStore.Tests;

public sealed class ContractOnFilesTests : StoreContractTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-store-");

    private protected override ValueTask<IObjectStore> OpenAsync() => new(Open(new ObjectStoreOptions { Url = $"file://{_folder.FullName}" }));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
