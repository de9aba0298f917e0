using Ebb.Age;
using Ebb.Contracts.Etcd;
using Ebb.EtcdBackup.Bolt;
using Ebb.EtcdBackup.Bolt.Keyspace;
using Ebb.EtcdBackup.Compression;
using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Drills;

/// <summary>
/// Tries one stored snapshot out. What is wrong with the snapshot becomes a failed check; what keeps the drill from looking (store, disk,
/// identity file) is thrown, because it says nothing about the snapshot.
/// </summary>
internal sealed class Drill(StoredSnapshot snapshot, DrillOptions options, Action<string> progress)
{
    private readonly DrillChecks _checks = new();
    private readonly DrillObject _object = new(snapshot, progress);

    public IReadOnlyList<DrillCheck> Checks => _checks.All;

    /// <summary>What the database holds; null when it was not reached.</summary>
    public DatabaseContents? Contents { get; private set; }

    /// <summary>What was read; null when it was not read to its end.</summary>
    public DrillDigests? Digests { get; private set; }

    public DrillOutcome Outcome => _checks.HasFailed ? DrillOutcome.Failed : Contents is null ? DrillOutcome.Unopened : DrillOutcome.Sound;

    /// <exception cref="SnapshotException">The identity file cannot be used, or etcdutl is missing.</exception>
    /// <exception cref="IOException">The spool cannot be used.</exception>
    /// <exception cref="ObjectStore.ObjectStoreException">The store fails.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!snapshot.Name.IsEncrypted)
        {
            await OpenAsync([], cancellationToken);
            return;
        }

        using var file = await DrillIdentities.ReadAsync(options.AgeIdentityFile, cancellationToken);
        await (file is null ? CompareAsync(cancellationToken) : OpenAsync(file.Identities, cancellationToken));
        if (file?.PassedOver is { Count: > 0 } others)
        {
            _checks.Remark("decryption", $"{options.AgeIdentityFile} also holds what is not used here: {string.Join("; ", others)}");
        }
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _object.ReadAsync(cancellationToken);
            CheckSidecarAlone();
            _checks.Skip("database", $"it is encrypted and {DrillIdentities.Missing(options.AgeIdentityFile)}: whether it can be restored is not known");
        }
        catch (SnapshotException e) when (e.Failure == SnapshotFailure.Changed)
        {
            _checks.Fail("object", e.Message);
        }
    }

    private void CheckSidecarAlone()
    {
        if (snapshot.Problem is { } problem)
        {
            _checks.Fail("object", problem);
        }
        else
        {
            CompareWithSidecar();
        }
    }

    private async Task OpenAsync(IReadOnlyList<AgeIdentity> identities, CancellationToken cancellationToken)
    {
        using var spool = EncryptedSpool.Create(options.SpoolDirectory);
        Digests = await FillAsync(spool, identities, cancellationToken);
        if (Digests is null)
        {
            return;
        }

        Contents = await ReadAsync(spool, cancellationToken);
        if (Contents is null)
        {
            return;
        }

        SidecarComparison.Compare(snapshot, Digests, Contents, _checks);
        if (options.RestoreDirectory is { } directory)
        {
            progress($"{snapshot.Name}: etcdutl restores it");
            await new DrillRestoration(directory, options.EtcdutlPath).RunAsync(spool, Contents, _checks, cancellationToken);
        }
        else
        {
            _checks.Skip("restore", "EtcdBackup:DrillRestoreDirectory is not set: etcdutl did not run");
        }
    }

    private async Task<DrillDigests?> FillAsync(EncryptedSpool spool, IReadOnlyList<AgeIdentity> identities, CancellationToken cancellationToken)
    {
        try
        {
            var digests = await _object.FillAsync(spool, identities, cancellationToken);
            PassContent(digests);
            return digests;
        }
        catch (Exception e) when (CheckOf(e) is { } check)
        {
            // Whether it was stored like that or changed later makes all the difference for who has to look.
            if (check != "object" && snapshot.Sidecar is not null)
            {
                await CompareObjectAsync(cancellationToken);
            }

            _checks.Fail(check, e.Message);
            return null;
        }
    }

    private async Task CompareObjectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _object.ReadAsync(cancellationToken);
            _checks.Pass("object", "its SHA-256 is the one that its sidecar says: it was stored like this");
        }
        catch (SnapshotException e) when (e.Failure == SnapshotFailure.Changed)
        {
            _checks.Fail("object", e.Message);
        }
    }

    // Once its end was reached: another SHA-256 than the sidecar's was an error before.
    private void CompareWithSidecar()
    {
        if (snapshot.Sidecar is null)
        {
            _checks.Skip("object", snapshot.Problem ?? "it has no sidecar to compare it with");
        }
        else
        {
            _checks.Pass("object", "its SHA-256 is the one that its sidecar says");
        }
    }

    private void PassContent(DrillDigests digests)
    {
        CompareWithSidecar();
        if (snapshot.Name.IsEncrypted)
        {
            _checks.Pass("decryption", "every part of it is authentic, to its end");
        }

        if (snapshot.Name.IsCompressed)
        {
            _checks.Pass("decompression", $"{Shown.Bytes(digests.ObjectBytes)} became {Shown.Bytes(digests.PlaintextBytes)}");
        }

        _checks.Pass("trailer", "the SHA-256 that etcd put at its end is that of the rest");
    }

    private async Task<DatabaseContents?> ReadAsync(EncryptedSpool spool, CancellationToken cancellationToken)
    {
        progress($"{snapshot.Name}: checking the database");
        try
        {
            var contents = await DatabaseReader.ReadAsync(spool, cancellationToken);
            _checks.Pass("database", $"{contents.Pages.Total} pages, each used once or free; {contents.Keys?.ToString() ?? "more than seven million"} keys at revision {contents.Revision}");
            return contents;
        }
        catch (BoltException e)
        {
            _checks.Fail("database", e.Message);
            return null;
        }
    }

    // What an exception says about the snapshot; null: about something else.
    private static string? CheckOf(Exception exception) => exception switch
    {
        SnapshotException { Failure: SnapshotFailure.Changed } => "object",
        SnapshotException { Failure: SnapshotFailure.Truncated or SnapshotFailure.WrongTrailer } => "trailer",
        AgeException => "decryption",
        ZstdException => "decompression",
        _ => null,
    };
}
