using Ebb.Worker;

namespace Ebb.Manifests;

/// <summary>What several apps need when they share a process.</summary>
internal static class NeedsOf
{
    public static AppNeeds All(IEnumerable<AppNeeds> needs) => needs.ToList() switch
    {
        [] => AppNeeds.Nothing,
        var all => all.Aggregate(Both),
    };

    private static AppNeeds Both(AppNeeds one, AppNeeds other) => new()
    {
        Secrets = [.. one.Secrets.Concat(other.Secrets).DistinctBy(secret => (secret.Secret, secret.Directory))],
        Files = [.. one.Files.Union(other.Files)],
        Scratch = [.. one.Scratch.Union(other.Scratch)],
        Egress = [.. one.Egress.Union(other.Egress)],
        Rights = [.. one.Rights, .. other.Rights],
        Sends = [.. one.Sends.Union(other.Sends)],
        Documents = [.. one.Documents.Union(other.Documents)],
        ReadsDocuments = [.. one.ReadsDocuments.Union(other.ReadsDocuments)],
        ServiceAccountToken = one.ServiceAccountToken || other.ServiceAccountToken,
        Settings = Merged(one.Settings, other.Settings),
        Environment = Merged(one.Environment, other.Environment),
    };

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other)
    {
        var merged = new Dictionary<string, string>(one, StringComparer.Ordinal);
        foreach (var (key, value) in other)
        {
            merged[key] = value;
        }

        return merged;
    }
}
