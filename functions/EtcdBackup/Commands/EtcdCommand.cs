using System.CommandLine;
using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Snapshots;
using Ebb.ObjectStore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.EtcdBackup.Commands;

/// <summary><c>etcd list</c>, <c>etcd fetch</c> and <c>etcd runbook</c>: they read the store and need nothing else of the configuration.</summary>
internal sealed class EtcdCommand : Command
{
    private readonly IConfiguration _configuration;

    public EtcdCommand(IConfiguration configuration)
        : base("etcd", "Look at, fetch and restore snapshots of etcd.")
    {
        _configuration = configuration;
        Add(List());
        Add(Fetch());
        Add(Runbook());
    }

    private Command List()
    {
        var json = new Option<bool>("--json") { Description = "The whole sidecars, as JSON." };
        var command = new Command("list", "List the stored snapshots, newest first, and whether they are verified.") { json };
        command.SetAction((result, token) => WithCatalogAsync(result, (_, catalog) =>
            ListCommand.RunAsync(catalog, result.GetValue(json), result.InvocationConfiguration.Output, TimeProvider.System, token)));
        return command;
    }

    private Command Fetch()
    {
        var name = new Argument<string>("name") { Description = "The snapshot, or 'latest' for the newest verified one." };
        var identities = new Option<string[]>("--identity") { Description = "A file with the age identity that decrypts it; may be given several times.", DefaultValueFactory = _ => [] };
        var output = new Option<string>("--out") { Description = "The file to write: the database as etcd gave it.", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there." };
        var command = new Command("fetch", "Download, decrypt, decompress and verify a snapshot.") { name, identities, output, force };
        command.SetAction((result, token) => WithCatalogAsync(result, async (_, catalog) =>
        {
            var error = result.InvocationConfiguration.Error;
            var progress = new ProgressLine(error, !Console.IsErrorRedirected, TimeProvider.System);
            var fetch = new FetchCommand(catalog, progress, result.InvocationConfiguration.Output, error);
            await fetch.RunAsync(result.GetValue(name)!, result.GetValue(identities)!, result.GetValue(output)!, result.GetValue(force), token);
        }));
        return command;
    }

    private Command Runbook()
    {
        var name = new Argument<string>("name") { Description = "The snapshot. Default: the newest verified one.", DefaultValueFactory = _ => SnapshotCatalog.Latest };
        var command = new Command("runbook", "Print how to bring this cluster back from this snapshot.") { name };
        command.SetAction((result, token) => WithCatalogAsync(result, async (options, catalog) =>
        {
            var snapshot = await catalog.FindAsync(result.GetValue(name)!, token);
            await result.InvocationConfiguration.Output.WriteAsync(RecoveryRunbook.Of(options, catalog.Place, snapshot).AsMemory(), token);
        }));
        return command;
    }

    private async Task<int> WithCatalogAsync(ParseResult result, Func<EtcdBackupOptions, SnapshotCatalog, Task> run)
    {
        var error = result.InvocationConfiguration.Error;
        var problems = new List<string>();
        var options = EtcdBackupOptionsReader.ReadStoreOnly(_configuration, problems);
        if (problems.Count > 0)
        {
            await error.WriteLineAsync(string.Join('\n', problems));
            return 2;
        }

        try
        {
            var place = SnapshotServices.OpenPlace(options, TimeProvider.System, NullLoggerFactory.Instance);
            await using var store = place.Store;
            await using var other = place.Other?.Store;
            await run(options, new SnapshotCatalog(place, TimeProvider.System));
            return 0;
        }
        catch (Exception e) when (e is SnapshotException or ObjectStoreException or FormatException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
