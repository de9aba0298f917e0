using System.Text.Json.Nodes;

namespace Ebb.TestServers.Vault;

/// <summary>A secret of the key-value engine: its versions and metadata (builtin/logical/kv/types.proto, KeyMetadata).</summary>
internal sealed class VaultSecretState(TimeProvider time)
{
    private const int DefaultMaxVersions = 10;
    private readonly SortedDictionary<int, Version> _versions = [];

    public int CurrentVersion { get; private set; }

    public int OldestVersion { get; private set; }

    public int MaxVersions { get; set; }

    public bool CasRequired { get; set; }

    /// <summary>How often the metadata was written; OpenBao's <c>current_metadata_version</c>.</summary>
    public int MetadataVersion { get; set; }

    public SortedDictionary<string, string>? Custom { get; set; }

    public DateTimeOffset Created { get; } = time.GetUtcNow();

    public DateTimeOffset Updated { get; private set; } = time.GetUtcNow();

    public Version? Find(int number) => _versions.GetValueOrDefault(number);

    public IEnumerable<int> Numbers => _versions.Keys;

    public bool IsReadable(int number) => Find(number) is { Destroyed: false } version && !(version.Deleted <= time.GetUtcNow());

    public void Add(JsonObject data, int engineMaxVersions)
    {
        _versions[++CurrentVersion] = new Version { Data = data, Created = time.GetUtcNow() };
        Updated = time.GetUtcNow();
        var kept = Math.Max(MaxVersions, engineMaxVersions) is > 0 and var max ? max : DefaultMaxVersions;
        if (CurrentVersion - OldestVersion >= kept)
        {
            var last = CurrentVersion - kept;
            foreach (var number in _versions.Keys.Where(number => number <= last).ToList())
            {
                _versions.Remove(number);
            }

            OldestVersion = last + 1;
        }
    }

    public void Delete(int number)
    {
        if (IsReadable(number))
        {
            Find(number)!.Deleted = time.GetUtcNow();
        }
    }

    public void Undelete(int number)
    {
        if (Find(number) is { Destroyed: false } version)
        {
            version.Deleted = null;
        }
    }

    public void Destroy(int number)
    {
        if (Find(number) is { } version)
        {
            (version.Destroyed, version.Data) = (true, null);
        }
    }

    public JsonObject Describe(int number) => new(Times(number))
    {
        ["version"] = number,
        ["custom_metadata"] = CustomJson(),
    };

    public JsonObject Describe(bool countsMetadata)
    {
        var described = Describe();
        if (countsMetadata)
        {
            described["current_metadata_version"] = MetadataVersion;
        }

        return described;
    }

    private JsonObject Describe() => new()
    {
        ["versions"] = new JsonObject(_versions.Keys.Select(number => KeyValuePair.Create($"{number}", (JsonNode?)new JsonObject(Times(number))))),
        ["current_version"] = CurrentVersion,
        ["oldest_version"] = OldestVersion,
        ["created_time"] = Time(Created),
        ["updated_time"] = Time(Updated),
        ["max_versions"] = MaxVersions,
        ["cas_required"] = CasRequired,
        ["delete_version_after"] = "0s",
        ["custom_metadata"] = CustomJson(),
    };

    private JsonObject? CustomJson() => Custom is null ? null : new JsonObject(Custom.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private Dictionary<string, JsonNode?> Times(int number) => new()
    {
        ["created_time"] = Time(_versions[number].Created),
        ["deletion_time"] = Time(_versions[number].Deleted),
        ["destroyed"] = _versions[number].Destroyed,
    };

    // Nine digits, as Go writes nanoseconds.
    private static string Time(DateTimeOffset? time) => time is { } moment ? $"{moment.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}89Z" : "";

    internal sealed class Version
    {
        public JsonObject? Data { get; set; }

        public DateTimeOffset Created { get; init; }

        public DateTimeOffset? Deleted { get; set; }

        public bool Destroyed { get; set; }
    }
}
