using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.Contracts.Previews;
using Ebb.Contracts.Secrets;
using Ebb.Webhooks.Git.Hooks;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.Webhooks;

/// <summary>What the door needs in a cluster: function keys and, where hooks are configured, their secrets. No connection to anything.</summary>
internal static class ClusterNeeds
{
    public static AppNeeds Of(IConfiguration configuration)
    {
        var keys = new SecretNeed { Secret = "ebb-function-keys", Directory = "/run/secrets/functions-keys" };
        return new AppNeeds
        {
            Sends =
            [
                Queues.ImageMirror, Queues.EtcdSnapshots, Queues.EtcdDrills, Queues.PullRequests, Queues.Previews, Queues.SecretChanges,
                Queues.SecretRefresh,
            ],
            ReadsDocuments = [SnapshotsDocument.KeyPrefix, DrillsDocument.KeyPrefix, Preview.KeyPrefix, EnvironmentDocument.Prefix],
            Secrets = GitHooksOptions.From(configuration, []).Hooks.Count == 0 ? [keys] : [keys, HookSecrets()],
        };
    }

    // One Secret for all hooks, keys <hook>.current and <hook>.previous: mounted whole, so that a hook or a rotation needs no new pod.
    private static SecretNeed HookSecrets() => new() { Secret = "ebb-webhooks", Directory = GitHooksOptions.DefaultSecretsDirectory };
}
