using Ebb.Contracts.Images;

namespace Ebb.Contracts.Etcd;

/// <summary>Reads requests of snapshots and drills; an empty one is the default.</summary>
internal static class EtcdRequests
{
    public const int MaxBytes = 4 * 1024;

    public static SnapshotRequest? Snapshot(string text, ListProblems problems) => Read(
        text, "{\"prune\":false}", ["prune"], reader => new SnapshotRequest { Prune = IsGiven(reader, "prune") ? reader.Flag("prune") : null }, problems);

    public static DrillRequest? Drill(string text, ListProblems problems) => Read(
        text, "{\"name\":\"prod-2026-01-31T02:00:00Z.snap.age\"}", ["name"], reader =>
        {
            var request = new DrillRequest { Name = IsGiven(reader, "name") ? reader.Text("name") : null };
            if (!request.IsPlausible())
            {
                problems.Add("name", "must be a name that GET /api/etcd/snapshots shows");
            }

            return request;
        },
        problems);

    private static bool IsGiven(MappingReader reader, string key) => reader.Node(key) is not (null or ListScalar { Text: null });

    private static T? Read<T>(string text, string example, IReadOnlyList<string> keys, Func<MappingReader, T> read, ListProblems problems)
        where T : class, new()
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new T();
        }

        switch (JsonRequest.Parse(text, MaxBytes, problems))
        {
            case null:
                return null;
            case ListScalar { Text: null }:
                return new T();
            case ListMapping mapping:
                var request = read(new MappingReader(mapping, keys, problems));
                return problems.Messages.Count == 0 ? request : null;
            default:
                problems.Add(JsonRequest.Root, $"must be empty or an object such as {example}");
                return null;
        }
    }
}
