using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Ownership;

/// <summary>
/// Who owns which fields of an object, kept in <c>metadata.managedFields</c>
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/; structured-merge-diff, merge/update.go).
/// </summary>
internal sealed class ManagedFields
{
    private readonly Dictionary<FieldManager, (FieldSet Fields, string ApiVersion, string? Time)> _owners = [];

    public static ManagedFields Of(JsonObject? item)
    {
        var managed = new ManagedFields();
        foreach (var entry in item.Child("metadata").Objects("managedFields"))
        {
            var manager = new FieldManager(entry.Text("manager") ?? "", entry.Text("operation") == "Apply", entry.Text("subresource") ?? "");
            managed._owners[manager] = (FieldSet.FromFieldsV1(entry.Child("fieldsV1")), entry.Text("apiVersion") ?? "", entry.Text("time"));
        }

        return managed;
    }

    /// <summary>Merges an applied configuration; drops what the manager applied before and now leaves out and nobody else owns.</summary>
    /// <exception cref="ApiException">Somebody else owns a field that would get another value, and this is not forced.</exception>
    public JsonObject Apply(JsonObject live, JsonObject applied, ApiResource resource, FieldManager manager, bool force)
    {
        var merged = TypedMerge.Merge(live, applied, resource.Schema);
        var set = TypedFields.Set(applied, resource.Schema);
        var last = _owners.GetValueOrDefault(manager).Fields ?? FieldSet.Empty;
        var time = _owners.GetValueOrDefault(manager).Time;
        _owners[manager] = (set, resource.ApiVersion, set.SetEquals(last) ? time : null);
        foreach (var path in last.Without(set).Paths.Reverse().Where(path => !_owners.Any(owner => owner.Value.Fields.Touches(path))))
        {
            TypedMerge.Remove(merged, path, resource.Schema);
        }

        Take(live, merged, resource, manager, force);
        return merged;
    }

    /// <summary>Notes who changed what by an update or a patch.</summary>
    public void Update(JsonObject live, JsonObject written, ApiResource resource, FieldManager manager)
    {
        Take(live, written, resource, manager, force: true);
        var (changed, removed) = TypedFields.Compare(live, written, resource.Schema);
        var before = _owners.GetValueOrDefault(manager);
        var fields = (before.Fields ?? FieldSet.Empty).Union(changed).Without(removed);
        if (!fields.IsEmpty)
        {
            _owners[manager] = (fields, resource.ApiVersion, before.Fields is { } old && old.SetEquals(fields) ? before.Time : null);
        }
    }

    /// <summary>Writes the owners into an object; those whose fields changed get the time.</summary>
    public void WriteTo(JsonObject item, string now)
    {
        var entries = _owners.Where(owner => !owner.Value.Fields.IsEmpty).Select(owner =>
        {
            var entry = new JsonObject
            {
                ["manager"] = owner.Key.Name,
                ["operation"] = owner.Key.Applies ? "Apply" : "Update",
                ["apiVersion"] = owner.Value.ApiVersion,
                ["time"] = owner.Value.Time ?? now,
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = owner.Value.Fields.ToFieldsV1(),
            };
            if (owner.Key.Subresource.Length > 0)
            {
                entry["subresource"] = owner.Key.Subresource;
            }

            return (JsonNode)entry;
        });
        item.Metadata()["managedFields"] = new JsonArray([.. entries]);
    }

    private void Take(JsonObject live, JsonObject written, ApiResource resource, FieldManager manager, bool force)
    {
        var (changed, removed) = TypedFields.Compare(live, written, resource.Schema);
        var conflicts = _owners.Where(owner => owner.Key != manager)
            .Select(owner => (owner.Key, owner.Value.ApiVersion, Fields: owner.Value.Fields.And(changed)))
            .Where(conflict => !conflict.Fields.IsEmpty)
            .ToList();
        if (conflicts.Count > 0 && !force)
        {
            throw Conflict(conflicts.SelectMany(conflict => conflict.Fields.Paths.Select(path => (conflict.Key, conflict.ApiVersion, Path: path))).ToList());
        }

        foreach (var (owner, value) in _owners.Where(owner => owner.Key != manager).ToList())
        {
            var fields = value.Fields.Without(changed).Without(removed);
            _owners[owner] = (fields, value.ApiVersion, fields.SetEquals(value.Fields) ? value.Time : null);
        }
    }

    private static ApiException Conflict(List<(FieldManager Manager, string ApiVersion, string Path)> conflicts)
    {
        static string Who((FieldManager Manager, string ApiVersion, string Path) conflict) => $"\"{conflict.Manager.Name}\" using {conflict.ApiVersion}";
        var causes = conflicts.Select(conflict => new ApiCause("FieldManagerConflict", $"conflict with {Who(conflict)}", FieldSet.Describe(conflict.Path))).ToList();
        var groups = conflicts.GroupBy(Who).Select(group => group.Count() == 1
            ? $"conflict with {group.Key}: {FieldSet.Describe(group.Single().Path)}"
            : $"conflicts with {group.Key}:\n{string.Join('\n', group.Select(conflict => "- " + FieldSet.Describe(conflict.Path)))}");
        var details = new JsonObject
        {
            ["causes"] = new JsonArray([.. causes.Select(cause => (JsonNode)new JsonObject { ["reason"] = cause.Reason, ["message"] = cause.Message, ["field"] = cause.Field })]),
        };
        return new ApiException(409, "Conflict", $"Apply failed with {conflicts.Count} conflict{(conflicts.Count == 1 ? "" : "s")}: {string.Join('\n', groups)}", details);
    }
}
