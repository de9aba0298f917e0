using Ebb.Storage.Tests.Conformance;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Storage.Tests;

/// <summary>The conformance suite against SQLite.</summary>
public sealed class SqliteHostStorageTests : HostStorageTests
{
    private readonly TemporaryDirectory _directory = new();

    protected override async Task<IHostStorage> OpenAsync(HostStorageOptions options) =>
        await HostStorage.OpenAsync(options with { Storage = $"sqlite:{_directory.Database}" }, Time, NullLoggerFactory.Instance, default);

    protected override ValueTask DeleteAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
