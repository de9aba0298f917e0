using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes.Ownership;
using Ebb.TestServers.Kubernetes.Schemas;

namespace Ebb.TestServers.Kubernetes;

/// <summary>Creates, changes and deletes objects as the API server's registry does (https://kubernetes.io/docs/reference/using-api/api-concepts/).</summary>
internal sealed class ObjectWriter(ObjectStore store, ApiResources resources, NamespaceLifecycle namespaces, TimeProvider time)
{
    private readonly GarbageCollector _garbage = new(store, resources);
    private readonly ResourceQuotas _quotas = new(store, resources);

    /// <summary>The metadata.time of now.</summary>
    private string Now => time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");

    public JsonObject Create(ApiResource resource, JsonObject content, WriteOptions options, ManagedFields? owners = null)
    {
        var item = content.Copy();
        var metadata = item.Metadata();
        if (metadata.Text("generateName") is { Length: > 0 } prefix && item.Name().Length == 0)
        {
            metadata["name"] = prefix + Guid.NewGuid().ToString("N")[..5];
        }

        if (owners is null && item.Version().Length > 0)
        {
            throw ApiException.BadRequest("resourceVersion should not be set on objects to be created");
        }

        namespaces.Admit(resource, item);
        Finish(resource, item, null, options);
        if (store.Find(resource, item.Namespace(), item.Name()) is not null)
        {
            throw ApiException.AlreadyExists(resource, item.Name());
        }

        _quotas.Admit(resource, item);
        foreach (var name in new[] { "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink" })
        {
            metadata.Remove(name);
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Now;
        if (resource.CountsGenerations)
        {
            metadata["generation"] = 1;
        }

        var before = new JsonObject();
        if (owners is null)
        {
            owners = new ManagedFields();
            owners.Update(before, item, resource, options.Manager);
        }

        owners.WriteTo(item, Now);
        if (options.DryRun)
        {
            return item;
        }

        store.Write(resource, item);
        Follow(resource, item);
        return item;
    }

    /// <summary>Changes an object: <paramref name="change"/> gets a copy and returns what it should be.</summary>
    public JsonObject Change(ApiResource resource, string? @namespace, string name, Func<JsonObject, JsonObject> change, WriteOptions options)
    {
        var live = store.Find(resource, @namespace, name) ?? throw ApiException.NotFound(resource, name);
        var item = change(live.Copy());
        RequireSame(resource, live, item);
        Keep(resource, live, item, options);
        Finish(resource, item, live, options);
        var owners = ManagedFields.Of(live);
        owners.Update(live, item, resource, options.Manager);
        return Store(resource, live, item, owners, options);
    }

    /// <summary>Server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/).</summary>
    public JsonObject Apply(ApiResource resource, string? @namespace, string name, JsonObject applied, WriteOptions options, Action authorizeCreation, out bool created)
    {
        if (applied.Child("metadata")?["managedFields"] is JsonArray { Count: > 0 })
        {
            throw ApiException.BadRequest("metadata.managedFields must be nil");
        }

        if (SchemaCheck.Of(applied, resource.Schema).Unknown is [var unknown, ..])
        {
            throw ApiException.Untyped(resource, @namespace, name, unknown);
        }

        var config = applied.Copy();
        if (resource.HasStatus && !options.OnStatus)
        {
            config.Remove("status");
        }

        var live = store.Find(resource, @namespace, name);
        created = live is null;
        var owners = ManagedFields.Of(live);
        if (live is null)
        {
            authorizeCreation();
            if (config.Child("metadata").Text("uid") is { Length: > 0 } or null && config.Version().Length > 0)
            {
                throw ApiException.Conflict(resource, name, "resourceVersion is set, and the object does not exist");
            }

            return Create(resource, owners.Apply([], config, resource, options.Manager, options.Force), options, owners);
        }

        if (config.Version() is { Length: > 0 } version && version != live.Version())
        {
            throw ApiException.Modified(resource, name);
        }

        var item = owners.Apply(live, config, resource, options.Manager, options.Force);
        RequireSame(resource, live, item);
        Keep(resource, live, item, options);
        Finish(resource, item, live, options);
        return Store(resource, live, item, owners, options);
    }

    /// <summary>Deletes an object: at once, or when its finalizers are done. Null: it is gone.</summary>
    public JsonObject? Delete(ApiResource resource, string? @namespace, string name, JsonObject options)
    {
        var live = store.Find(resource, @namespace, name) ?? throw ApiException.NotFound(resource, name);
        Preconditions.Check(resource, live, options.Child("preconditions"));
        var item = live.Copy();
        var finalizer = options.Text("propagationPolicy") switch { "Foreground" => "foregroundDeletion", "Orphan" => "orphan", _ => null };
        if (finalizer is not null && !item.Finalizers().Contains(finalizer))
        {
            item.SetFinalizers([.. item.Finalizers(), finalizer]);
        }

        if (!live.IsDeleted())
        {
            item.Metadata()["deletionTimestamp"] = Now;
            item.Metadata()["deletionGracePeriodSeconds"] = 0;
            if (resource.CountsGenerations)
            {
                item.Metadata()["generation"] = item.Child("metadata").Number("generation") + 1;
            }

            NamespaceLifecycle.OnDelete(resource, item);
        }

        if (NamespaceLifecycle.IsReleased(resource, item))
        {
            store.Remove(resource, live);
        }
        else if (!JsonNode.DeepEquals(live, item))
        {
            store.Write(resource, item);
        }

        Settle();
        return store.Find(resource, @namespace, name);
    }

    /// <summary>Lets the lifecycle of namespaces and the garbage collector do what is due.</summary>
    public void Settle()
    {
        while (namespaces.Step(Now) | _garbage.Step(Now))
        {
            // Each step may make room for the next.
        }

        _quotas.Refresh();
    }

    private JsonObject Store(ApiResource resource, JsonObject live, JsonObject item, ManagedFields owners, WriteOptions options)
    {
        owners.WriteTo(item, Now);
        if (resource.CountsGenerations && !ObjectRules.SameIntent(resource, live, item))
        {
            item.Metadata()["generation"] = live.Child("metadata").Number("generation") + 1;
        }

        // What changes nothing is not written (etcd3 store, GuaranteedUpdate).
        if (options.DryRun || JsonNode.DeepEquals(live, item))
        {
            return options.DryRun ? item : live;
        }

        if (item.IsDeleted() && NamespaceLifecycle.IsReleased(resource, item))
        {
            store.Remove(resource, live);
            Settle();
            return item;
        }

        store.Write(resource, item);
        Follow(resource, item);
        return item;
    }

    private void Follow(ApiResource resource, JsonObject item)
    {
        if (resource.Plural == "namespaces" && !item.IsDeleted() && store.Find(resources.Named("serviceaccounts"), item.Name(), "default") is null)
        {
            var account = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ServiceAccount",
                ["metadata"] = new JsonObject { ["name"] = "default", ["namespace"] = item.Name() },
            };
            Create(resources.Named("serviceaccounts"), account, WriteOptions.Controller("kube-controller-manager"));
        }

        if (item.IsDeleted() || item.Child("metadata")?["ownerReferences"] is JsonArray { Count: > 0 })
        {
            Settle();
        }
        else
        {
            _quotas.Refresh(item.Namespace());
        }
    }

    private static void RequireSame(ApiResource resource, JsonObject live, JsonObject item)
    {
        if (item.Child("metadata").Text("uid") is { Length: > 0 } uid && uid != live.Uid())
        {
            throw ApiException.Conflict(resource, live.Name(), $"Precondition failed: UID in precondition: {uid}, UID in object meta: {live.Uid()}");
        }

        if (item.Version() is { Length: > 0 } version && version != live.Version())
        {
            throw ApiException.Modified(resource, live.Name());
        }
    }

    // What a writer cannot change stays: the server's own metadata, and the part that the other endpoint is for.
    private static void Keep(ApiResource resource, JsonObject live, JsonObject item, WriteOptions options)
    {
        if (options.OnStatus)
        {
            var status = item["status"]?.DeepClone();
            foreach (var name in item.Select(member => member.Key).ToList())
            {
                item.Remove(name);
            }

            foreach (var (name, member) in live.Where(member => member.Key != "status"))
            {
                item[name] = member?.DeepClone();
            }

            Set(item, "status", status);
        }
        else if (resource.HasStatus)
        {
            Set(item, "status", live["status"]?.DeepClone());
        }

        foreach (var name in new[] { "name", "namespace", "uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion", "selfLink" })
        {
            Set(item.Metadata(), name, live.Metadata()[name]?.DeepClone());
        }
    }

    private static void Set(JsonObject json, string name, JsonNode? value)
    {
        if (value is null)
        {
            json.Remove(name);
        }
        else
        {
            json[name] = value;
        }
    }

    private static void Finish(ApiResource resource, JsonObject item, JsonObject? live, WriteOptions options)
    {
        if (live is null && resource.HasStatus)
        {
            item.Remove("status");
        }

        var check = SchemaCheck.Of(item, resource.Schema);
        if (check.Unknown.Count > 0 && options.Strict)
        {
            throw ApiException.BadRequest(ObjectRules.Undecodable(resource, $"strict decoding error: {string.Join(", ", check.Unknown.Select(field => $"unknown field \"{field}\""))}"));
        }

        if (check.Undecodable is [var wrong, ..] && !resource.IsCustom)
        {
            throw ApiException.BadRequest(ObjectRules.Undecodable(resource, $"json: cannot unmarshal value into Go struct field .{wrong}"));
        }

        ObjectDefaults.Complete(resource, item, live);
        var causes = SchemaCheck.Of(item, resource.Schema).Causes.Concat(ObjectRules.Check(resource, item, live)).ToList();
        if (causes.Count > 0)
        {
            throw ApiException.Invalid(resource, item.Name(), causes);
        }
    }
}
