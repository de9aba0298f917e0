using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes;

/// <summary>Objects and their history, as etcd keeps them: one version for all, and old ones only until they are compacted.</summary>
internal sealed class ObjectStore
{
    private readonly Dictionary<string, SortedDictionary<(string Namespace, string Name), JsonObject>> _objects = [];
    private readonly List<ObjectChange> _history = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Version { get; private set; } = 1000;

    /// <summary>The oldest version that a watch may begin from.</summary>
    public long Compacted { get; private set; }

    /// <summary>Ends with the next change.</summary>
    public Task Changed => _changed.Task;

    public JsonObject? Find(ApiResource resource, string? @namespace, string name) => Of(resource).GetValueOrDefault((@namespace ?? "", name));

    public IReadOnlyList<JsonObject> List(ApiResource resource, string? @namespace) =>
        [.. Of(resource).Where(entry => @namespace is null || entry.Key.Namespace == @namespace).Select(entry => entry.Value)];

    /// <summary>Writes an object under a new version.</summary>
    public JsonObject Write(ApiResource resource, JsonObject item)
    {
        var key = (item.Namespace() ?? "", item.Name());
        var before = Of(resource).GetValueOrDefault(key);
        item.Metadata()["resourceVersion"] = (++Version).ToString();
        Of(resource)[key] = item;
        Note(new ObjectChange(Version, resource, before, item));
        return item;
    }

    public void Remove(ApiResource resource, JsonObject item)
    {
        Of(resource).Remove((item.Namespace() ?? "", item.Name()));
        var last = item.Copy();
        last.Metadata()["resourceVersion"] = (++Version).ToString();
        Note(new ObjectChange(Version, resource, last, null));
    }

    public IReadOnlyList<ObjectChange> Since(long version)
    {
        var first = _history.Count;
        while (first > 0 && _history[first - 1].Version > version)
        {
            first--;
        }

        return _history.GetRange(first, _history.Count - first);
    }

    /// <summary>Forgets the history: who watches from an older version must begin again.</summary>
    public void Compact()
    {
        _history.Clear();
        Compacted = ++Version;
        Wake();
    }

    private void Note(ObjectChange change)
    {
        _history.Add(change);
        Wake();
    }

    private void Wake()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private SortedDictionary<(string Namespace, string Name), JsonObject> Of(ApiResource resource)
    {
        if (!_objects.TryGetValue(resource.QualifiedName, out var objects))
        {
            _objects[resource.QualifiedName] = objects = [];
        }

        return objects;
    }
}
