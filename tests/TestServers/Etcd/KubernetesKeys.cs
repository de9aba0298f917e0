using System.Text;

namespace Ebb.TestServers.Etcd;

/// <summary>Keys and values that look like those of a Kubernetes cluster: the API server's prefixes, values of some hundred bytes.</summary>
public static class KubernetesKeys
{
    private static readonly (string Prefix, int Share)[] Kinds =
    [
        ("/registry/pods/", 30), ("/registry/events/", 25), ("/registry/secrets/", 10), ("/registry/configmaps/", 10), ("/registry/replicasets/", 8),
        ("/registry/services/endpoints/", 5), ("/registry/deployments/", 5), ("/registry/leases/kube-node-lease/", 4), ("/registry/minions/", 3),
    ];

    /// <summary>So many entries, the same for the same seed.</summary>
    public static IEnumerable<KeyValuePair<string, byte[]>> Make(int count, int valueBytes = 400, int seed = 1)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var pick = random.Next(100);
            var prefix = Kinds.First(kind => (pick -= kind.Share) < 0).Prefix;
            var value = new byte[random.Next(valueBytes / 2, valueBytes * 3 / 2)];
            random.NextBytes(value);
            yield return new($"{prefix}namespace-{i % 50}/object-{i}", [.. "k8s\0"u8, .. Encoding.ASCII.GetBytes($"v1 object {i} "), .. value]);
        }
    }
}
