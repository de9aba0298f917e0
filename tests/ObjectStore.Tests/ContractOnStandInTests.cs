using Ebb.TestServers.S3;

namespace Ebb.ObjectStore.Tests;

/// <summary>The stand-in keeps the same contract, so that what it is made to fail at is S3.</summary>
public sealed class ContractOnStandInTests : StoreContractTests
{
    private S3Server? _server;

    private protected override async ValueTask<IObjectStore> OpenAsync()
    {
        _server = await S3Server.StartAsync();
        _server.PageSize = 2;
        return Open(Options(_server.Login, "etcd"));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server!.DisposeAsync();
    }
}
