using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes;

/// <summary>Deletes what belongs to objects that are gone, and does what the propagation policies say (https://kubernetes.io/docs/concepts/architecture/garbage-collection/).</summary>
internal sealed class GarbageCollector(ObjectStore store, ApiResources resources)
{
    private const string Foreground = "foregroundDeletion";
    private const string Orphan = "orphan";

    /// <summary>Does what is due; true when that was something.</summary>
    public bool Step(string now)
    {
        var all = resources.All.DistinctBy(resource => resource.QualifiedName)
            .SelectMany(resource => store.List(resource, null).Select(item => (Resource: resource, Item: item)))
            .ToList();
        var uids = all.Select(entry => entry.Item.Uid()).ToHashSet();
        var worked = false;
        foreach (var (resource, item) in all)
        {
            var owners = item.Child("metadata").Objects("ownerReferences").Select(owner => owner.Text("uid") ?? "").ToList();
            if (owners.Count > 0 && !item.IsDeleted() && owners.TrueForAll(owner => !uids.Contains(owner)))
            {
                Delete(resource, item, now);
                worked = true;
            }
            else if (item.IsDeleted() && item.Finalizers().Contains(Foreground))
            {
                worked |= DeleteDependents(all, resource, item, now);
            }
            else if (item.IsDeleted() && item.Finalizers().Contains(Orphan))
            {
                Release(all, resource, item);
                worked = true;
            }
        }

        return worked;
    }

    private bool DeleteDependents(List<(ApiResource Resource, JsonObject Item)> all, ApiResource resource, JsonObject item, string now)
    {
        var dependents = all.Where(entry => Belongs(entry.Item, item)).ToList();
        if (dependents.Count == 0)
        {
            Finish(resource, item, Foreground);
            return true;
        }

        var waiting = dependents.Where(entry => !entry.Item.IsDeleted()).ToList();
        foreach (var (type, dependent) in waiting)
        {
            Delete(type, dependent, now);
        }

        return waiting.Count > 0;
    }

    private void Release(List<(ApiResource Resource, JsonObject Item)> all, ApiResource resource, JsonObject item)
    {
        foreach (var (type, dependent) in all.Where(entry => Belongs(entry.Item, item)))
        {
            var free = dependent.Copy();
            var others = free.Child("metadata").Objects("ownerReferences").Where(owner => owner.Text("uid") != item.Uid()).Select(owner => owner.DeepClone()).ToArray();
            free.Metadata()["ownerReferences"] = new JsonArray(others);
            store.Write(type, free);
        }

        Finish(resource, item, Orphan);
    }

    private void Finish(ApiResource resource, JsonObject item, string finalizer)
    {
        var done = item.Copy();
        done.SetFinalizers(done.Finalizers().Where(name => name != finalizer));
        if (NamespaceLifecycle.IsReleased(resource, done))
        {
            store.Remove(resource, done);
        }
        else
        {
            store.Write(resource, done);
        }
    }

    private void Delete(ApiResource resource, JsonObject item, string now)
    {
        if (item.Finalizers().Count == 0)
        {
            store.Remove(resource, item);
            return;
        }

        var deleted = item.Copy();
        deleted.Metadata()["deletionTimestamp"] = now;
        deleted.Metadata()["deletionGracePeriodSeconds"] = 0;
        store.Write(resource, deleted);
    }

    private static bool Belongs(JsonObject item, JsonObject owner) => item.Child("metadata").Objects("ownerReferences").Any(reference => reference.Text("uid") == owner.Uid());
}
