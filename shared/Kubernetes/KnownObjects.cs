using k8s.Models;

namespace Ebb.Kubernetes;

/// <summary>What a watch has told so far, so that a second list can be told as changes.</summary>
internal sealed class KnownObjects
{
    private Dictionary<(string? Namespace, string Name), KubernetesObject> _objects = [];

    /// <summary>Takes a list in place of what is known and tells the differences.</summary>
    public List<WatchEvent> Replace(IReadOnlyList<KubernetesObject> items)
    {
        var changes = new List<WatchEvent>();
        var next = new Dictionary<(string? Namespace, string Name), KubernetesObject>();
        foreach (var item in items)
        {
            next[Key(item)] = item;
            var before = _objects.GetValueOrDefault(Key(item));
            if (before is not null && before.Uid() != item.Uid())
            {
                changes.Add(new WatchEvent(WatchEventType.Deleted, before));
                before = null;
            }

            if (before?.ResourceVersion() != item.ResourceVersion())
            {
                changes.Add(new WatchEvent(before is null ? WatchEventType.Added : WatchEventType.Modified, item));
            }
        }

        changes.AddRange(_objects.Where(entry => !next.ContainsKey(entry.Key)).Select(entry => new WatchEvent(WatchEventType.Deleted, entry.Value)));
        _objects = next;
        return changes;
    }

    /// <summary>Takes a change; null when it is known already.</summary>
    public WatchEvent? Take(WatchEvent change)
    {
        if (change.Type == WatchEventType.Deleted)
        {
            _objects.Remove(Key(change.Item));
            return change;
        }

        var before = _objects.GetValueOrDefault(Key(change.Item));
        _objects[Key(change.Item)] = change.Item;
        return before?.ResourceVersion() == change.Item.ResourceVersion() ? null : change;
    }

    private static (string? Namespace, string Name) Key(KubernetesObject item) => (item.Namespace(), item.Name());
}
