using Ebb.EtcdBackup.Bolt.Keyspace;
using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Drills;

/// <summary>Compares what the database holds with what was noted of it when it was taken.</summary>
internal static class SidecarComparison
{
    public static void Compare(StoredSnapshot snapshot, DrillDigests digests, DatabaseContents contents, DrillChecks checks)
    {
        if (snapshot.Problem is { } problem)
        {
            checks.Fail("sidecar", problem);
        }
        else if (snapshot.Sidecar is not { } sidecar)
        {
            checks.Skip("sidecar", "it has none");
        }
        else if (Differences(sidecar, digests, contents).ToList() is { Count: > 0 } differences)
        {
            checks.Fail("sidecar", $"the database is another than its sidecar says: {string.Join("; ", differences)}");
        }
        else
        {
            checks.Pass("sidecar", Said(sidecar));
        }
    }

    private static IEnumerable<string> Differences(Sidecar sidecar, DrillDigests digests, DatabaseContents contents)
    {
        if (!string.Equals(sidecar.PlaintextSha256, digests.PlaintextSha256, StringComparison.OrdinalIgnoreCase) || sidecar.PlaintextBytes != digests.PlaintextBytes)
        {
            yield return $"{digests.PlaintextBytes} bytes with SHA-256 {digests.PlaintextSha256} instead of {sidecar.PlaintextBytes} with {sidecar.PlaintextSha256}";
        }

        if (contents.Revision < sidecar.Revision)
        {
            yield return $"revision {contents.Revision}, and the snapshot was begun at {sidecar.Revision}";
        }

        if (contents.Revision > sidecar.LastRevision)
        {
            yield return $"revision {contents.Revision}, and the snapshot had ended at {sidecar.LastRevision}";
        }

        // The keys were counted at one revision; only where the database is at that very one must it hold as many.
        if (contents.Revision == sidecar.Revision && contents.Keys is { } keys && sidecar.Keys is { } counted && keys != counted)
        {
            yield return $"{keys} keys at revision {contents.Revision}, where etcd counted {counted}";
        }
    }

    private static string Said(Sidecar sidecar) => (sidecar.Revision, sidecar.Keys) switch
    {
        ({ } revision, { } keys) => $"SHA-256 and revision are as it says ({keys} keys at revision {revision} or a later one)",
        ({ } revision, null) => $"SHA-256 and revision are as it says (revision {revision} or a later one)",
        _ => "the SHA-256 is as it says; it notes no revision",
    };
}
