using System.Text;
using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Commands;

/// <summary>The steps that bring one cluster back from one snapshot, with the warnings that matter.</summary>
internal static class RecoveryRunbook
{
    public static string Of(EtcdBackupOptions options, SnapshotPlace place, StoredSnapshot snapshot)
    {
        var text = new StringBuilder();
        Head(text, place, snapshot);
        Fetch(text, place, snapshot);
        if ((options.Source ?? (snapshot.Sidecar?.Source == "etcd" ? SourceKind.Etcd : SourceKind.Talos)) == SourceKind.Talos)
        {
            Talos(text, place.Cluster);
        }
        else
        {
            Etcd(text, place.Cluster);
        }

        After(text);
        return text.ToString();
    }

    private static void Head(StringBuilder text, SnapshotPlace place, StoredSnapshot snapshot)
    {
        text.Append($"# Bringing {place.Cluster} back from {snapshot.Name}\n\n");
        text.Append($"Taken {snapshot.Name.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. Everything that was written to the cluster since is lost.\n");
        if (snapshot.Sidecar is { } sidecar)
        {
            text.Append(sidecar.IsOfDrill ? "" : $"From {sidecar.Member} (member {sidecar.MemberId}, etcd {sidecar.EtcdVersion}).\n");
            text.Append($"{sidecar.PlaintextBytes} bytes, SHA-256 {sidecar.PlaintextSha256}.\n");
            text.Append(sidecar.Revision is { } revision ? $"Revision {revision}{(sidecar.Keys is { } keys ? $", {keys} keys" : "")}.\n" : "");
            text.Append(sidecar.Recipients.Count > 0 ? $"Encrypted to {string.Join(", ", sidecar.Recipients)}.\n" : "");
        }

        text.Append(snapshot.State switch
        {
            SnapshotState.Verified when snapshot.Sidecar!.IsOfDrill => "Another program took it. A drill read all of it and found it sound.\n\n",
            SnapshotState.Verified => "It was read back from the store after it was written.\n\n",
            SnapshotState.Damaged => $"WARNING: it is damaged ({snapshot.Problem}). Take another one: ebb etcd list.\n\n",
            _ => "WARNING: nobody has verified it. Step 1 does; if it fails, take another one: ebb etcd list.\n\n",
        });
        text.Append("Restore only when etcd has lost its majority or its data. With a majority alive, replace the broken member instead: nothing is lost then.\n\n");
    }

    private static void Fetch(StringBuilder text, SnapshotPlace place, StoredSnapshot snapshot) => text.Append(
        $"""
        ## 1. Fetch and verify

        ebb etcd fetch {snapshot.Name} {(snapshot.Name.IsEncrypted ? "--identity key.txt " : "")}--out {place.Cluster}.db

        The file holds every Secret of the cluster in the clear. Keep it on an encrypted disk, and delete it afterwards.


        """);

    private static void Talos(StringBuilder text, string cluster) => text.Append(
        """
        ## 2. Stop what is left of etcd (Talos)

        WARNING: EPHEMERAL of every control plane must be wiped first. A control plane that keeps its old etcd data joins nothing, or
        brings the lost state back. Do this for each of them, one after the other, with its address:

        talosctl -n <control plane> reset --graceful=false --reboot --system-labels-to-wipe=EPHEMERAL

        Each comes back and waits: `talosctl -n <control plane> service etcd` says Preparing, and its log asks for bootstrap.

        ## 3. Bootstrap from the snapshot, on ONE control plane only

        talosctl -n <one control plane> bootstrap --recover-from=./<cluster>.db

        The others join by themselves. `talosctl -n <one control plane> etcd members` shows all of them after some minutes.


        """.Replace("<cluster>", cluster, StringComparison.Ordinal));

    private static void Etcd(StringBuilder text, string cluster) => text.Append(
        """
        ## 2. Stop everything (plain etcd)

        Stop kube-apiserver and etcd on every control plane, and move the data directories away (do not delete them yet):

        mv /var/lib/etcd /var/lib/etcd.lost

        ## 3. Restore, on EVERY member, with its own name and address

        etcdutl snapshot restore <cluster>.db --name <member> --initial-cluster <member>=https://<address>:2380,… \
          --initial-cluster-token <a new word> --initial-advertise-peer-urls https://<address>:2380 --data-dir /var/lib/etcd \
          --bump-revision 1000000000 --mark-compacted

        WARNING: without --bump-revision and --mark-compacted (etcdutl 3.6, 3.5.14 or later) revisions go back in time, and every controller
        and kubelet that watches goes on with what it believes: deleted objects stay, new ones are not seen (kubernetes#118501).
        Start etcd on every member, then kube-apiserver.


        """.Replace("<cluster>", cluster, StringComparison.Ordinal));

    private static void After(StringBuilder text) => text.Append(
        """
        ## 4. Afterwards

        - Restart what watches the API on every node (kubelet, kube-controller-manager, kube-scheduler, operators): revisions have changed under them.
          Talos does not bump revisions, so there this is not optional.
        - Encryption at rest: the API server needs the very EncryptionConfiguration (Talos: the machine secrets) that was in use when the snapshot was
          taken. With another key every Secret reads as an error. The snapshot does not hold that key.
        - Objects that were made after the snapshot are gone, what they stood for is not: volumes, load balancers and DNS records may have no owner now.
        - kubectl get nodes, kubectl get pods -A; then take a snapshot of the restored cluster: ebb run SnapshotOnRequest.
        - Delete the file of step 1.

        """);
}
