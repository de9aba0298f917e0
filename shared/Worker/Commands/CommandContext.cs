using Ebb.Storage;
using Ebb.Worker.Hosting;
using Ebb.Worker.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Commands;

/// <summary>What every command works with.</summary>
internal sealed record CommandContext(IReadOnlyList<IFunctionApp> Apps, IReadOnlyList<string> Settings, HostEnvironment Environment)
{
    public HostSetup Load() => HostSetup.Load(Apps, Settings, Environment);

    public static ILoggerFactory CreateLoggers(HostSetup setup) =>
        HostLogging.Create(setup.Environment, setup.Host, setup.Configuration, toStandardError: true);

    /// <summary>Opens storage, does something with it, closes it.</summary>
    /// <param name="remotely">How to ask a host that holds the storage instead; null where that cannot be.</param>
    /// <param name="use">What to do.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<int> WithStorageAsync(string? remotely, Func<HostSetup, IHostStorage, Task<int>> use, CancellationToken cancellationToken)
    {
        var setup = Load();
        using var loggers = CreateLoggers(setup);
        await using var storage = await OpenAsync(setup, remotely, loggers, cancellationToken);
        return await use(setup, storage);
    }

    private static async Task<IHostStorage> OpenAsync(HostSetup setup, string? remotely, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            return await HostStorage.OpenAsync(setup.Worker.Storage, setup.Environment.Time, loggers, cancellationToken);
        }
        catch (HostStorageException e) when (remotely is not null)
        {
            throw new HostStorageException($"{e.Message} If a host is running with this storage, ask it instead: {remotely}", e);
        }
    }
}
