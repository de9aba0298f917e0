using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes;

/// <summary>
/// The state of a cluster and the ways to change it, for tests and controllers that act beside the API. What the API checks
/// is checked here too; only who may do it is not.
/// </summary>
public sealed class Cluster
{
    private readonly Lock _gate = new();
    private readonly ObjectStore _store = new();
    private readonly ObjectWriter _writer;
    private readonly NamespaceLifecycle _lifecycle;

    internal Cluster(TimeProvider time)
    {
        _lifecycle = new NamespaceLifecycle(_store, Resources, time);
        _writer = new ObjectWriter(_store, Resources, _lifecycle, time);
        foreach (var name in new[] { "default", "kube-system" })
        {
            Create("namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        }
    }

    /// <summary>The types that are served.</summary>
    public ApiResources Resources { get; } = new();

    /// <summary>Whether namespaces that are deleted are emptied. Turned off, they stay as they are until it is turned on.</summary>
    public bool EmptiesNamespaces
    {
        get => _lifecycle.IsRunning;
        set => Do(() =>
        {
            _lifecycle.IsRunning = value;
            _writer.Settle();
            return value;
        });
    }

    /// <summary>The newest version.</summary>
    public long Version => Do(() => _store.Version);

    /// <summary>Makes every version before now unknown: lists under way and watches end with 410.</summary>
    public void Compact() => Do(() =>
    {
        _store.Compact();
        return true;
    });

    /// <summary>An object as it is; null when it is not there. A copy.</summary>
    public JsonObject? Find(string plural, string? @namespace, string name) => Do(() => _store.Find(Resources.Named(plural), @namespace, name)?.Copy());

    /// <summary>An object as it is.</summary>
    public JsonObject Get(string plural, string? @namespace, string name) =>
        Find(plural, @namespace, name) ?? throw new InvalidOperationException($"{plural} {@namespace}/{name} is not there.");

    public IReadOnlyList<JsonObject> List(string plural, string? @namespace = null) => Do(() => _store.List(Resources.Named(plural), @namespace).Select(ObjectJson.Copy).ToList());

    /// <summary>Creates an object; kind and version are filled in.</summary>
    public JsonObject Create(string plural, JsonObject item, string manager = "test")
    {
        var resource = Resources.Named(plural);
        var content = item.Copy();
        content["apiVersion"] = resource.ApiVersion;
        content["kind"] = resource.Kind;
        return Do(() => _writer.Create(resource, content, WriteOptions.Controller(manager)).Copy());
    }

    /// <summary>Changes an object that is there.</summary>
    public JsonObject Change(string plural, string? @namespace, string name, Action<JsonObject> change, string manager = "test") =>
        Change(plural, @namespace, name, change, WriteOptions.Controller(manager));

    /// <summary>Changes an object's status.</summary>
    public JsonObject ChangeStatus(string plural, string? @namespace, string name, Action<JsonObject> change, string manager = "test") =>
        Change(
            plural, @namespace, name,
            item =>
            {
                if (item["status"] is not JsonObject)
                {
                    item["status"] = new JsonObject();
                }

                change(item["status"]!.AsObject());
            },
            WriteOptions.Controller(manager, status: Resources.Named(plural).HasStatus));

    /// <summary>Deletes an object, if it is there.</summary>
    public void Delete(string plural, string? @namespace, string name)
    {
        var resource = Resources.Named(plural);
        Do(() => _store.Find(resource, @namespace, name) is null ? null : _writer.Delete(resource, @namespace, name, []));
    }

    /// <summary>Waits until an object is as it should be.</summary>
    public async Task<JsonObject?> UntilAsync(string plural, string? @namespace, string name, Func<JsonObject?, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (item, changed) = Do(() => (_store.Find(Resources.Named(plural), @namespace, name)?.Copy(), _store.Changed));
            if (condition(item))
            {
                return item;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Runs something while nobody else changes anything.</summary>
    internal T Do<T>(Func<T> action)
    {
        lock (_gate)
        {
            return action();
        }
    }

    internal ObjectStore Store => _store;

    internal ObjectWriter Writer => _writer;

    private JsonObject Change(string plural, string? @namespace, string name, Action<JsonObject> change, WriteOptions options)
    {
        var resource = Resources.Named(plural);
        return Do(() => _writer.Change(
            resource, @namespace, name,
            live =>
            {
                change(live);
                return live;
            },
            options).Copy());
    }
}
