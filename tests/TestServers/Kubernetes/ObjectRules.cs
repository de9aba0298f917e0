using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebb.TestServers.Kubernetes;

/// <summary>Rules beyond the schemas: names, labels, what cannot change (kubernetes, pkg/apis/…/validation).</summary>
internal static partial class ObjectRules
{
    private const string SubdomainRule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelRule = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
        + "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    public static string Undecodable(ApiResource resource, string why) => $"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: {why}";

    public static IEnumerable<ApiCause> Check(ApiResource resource, JsonObject item, JsonObject? live) =>
        Name(resource, item).Concat(Labels(item)).Concat(Finalizers(item, live)).Concat(Immutable(resource, item, live)).Concat(OfKind(resource, item));

    /// <summary>Whether two states want the same, so that the generation stays.</summary>
    public static bool SameIntent(ApiResource resource, JsonObject one, JsonObject other)
    {
        var (a, b) = (one.Copy(), other.Copy());
        foreach (var item in new[] { a, b })
        {
            item.Remove("metadata");
            if (resource.HasStatus)
            {
                item.Remove("status");
            }
        }

        return JsonNode.DeepEquals(a, b);
    }

    private static IEnumerable<ApiCause> Name(ApiResource resource, JsonObject item)
    {
        var name = item.Name();
        if (name.Length == 0)
        {
            yield return new ApiCause("FieldValueRequired", "Required value: name or generateName is required", "metadata.name");
        }
        else if (resource.Plural == "namespaces" ? name.Length > 63 || !Label().IsMatch(name) : name.Length > 253 || !Subdomain().IsMatch(name))
        {
            yield return new ApiCause(
                "FieldValueInvalid",
                $"Invalid value: \"{name}\": {(name.Length > (resource.Plural == "namespaces" ? 63 : 253) ? $"must be no more than {(resource.Plural == "namespaces" ? 63 : 253)} characters" : resource.Plural == "namespaces" ? LabelRule : SubdomainRule)}",
                "metadata.name");
        }
    }

    private static IEnumerable<ApiCause> Labels(JsonObject item)
    {
        foreach (var (_, value) in item.Child("metadata").Child("labels") ?? [])
        {
            var text = value?.GetValue<string>() ?? "";
            if (text.Length > 63)
            {
                yield return new ApiCause("FieldValueInvalid", $"Invalid value: \"{text}\": must be no more than 63 characters", "metadata.labels");
            }
            else if (!LabelValue().IsMatch(text))
            {
                yield return new ApiCause(
                    "FieldValueInvalid",
                    $"Invalid value: \"{text}\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
                    "metadata.labels");
            }
        }
    }

    private static IEnumerable<ApiCause> Finalizers(JsonObject item, JsonObject? live)
    {
        if (live?.IsDeleted() == true && item.Finalizers().Except(live.Finalizers()).ToList() is { Count: > 0 } added)
        {
            yield return new ApiCause(
                "FieldValueForbidden",
                $"Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(name => $"\"{name}\""))}}}",
                "metadata.finalizers");
        }
    }

    private static IEnumerable<ApiCause> Immutable(ApiResource resource, JsonObject item, JsonObject? live)
    {
        if (live is null)
        {
            yield break;
        }

        if (resource.Kind is "Deployment" or "DaemonSet" or "StatefulSet" && !JsonNode.DeepEquals(live.Child("spec")?["selector"], item.Child("spec")?["selector"]))
        {
            yield return new ApiCause("FieldValueInvalid", $"Invalid value: {item.Child("spec")?["selector"]?.ToJsonString()}: field is immutable", "spec.selector");
        }

        if (resource.Kind == "Secret" && live.Text("type") != item.Text("type"))
        {
            yield return new ApiCause("FieldValueInvalid", $"Invalid value: \"{item.Text("type")}\": field is immutable", "type");
        }

        if (live.Flag("immutable") && !JsonNode.DeepEquals(live["data"], item["data"]))
        {
            yield return new ApiCause("FieldValueForbidden", "Forbidden: field is immutable when `immutable` is set", "data");
        }

        if (resource.Kind == "Pod" && !JsonNode.DeepEquals(Fixed(live), Fixed(item)))
        {
            yield return new ApiCause(
                "FieldValueForbidden",
                "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
                "spec");
        }
    }

    private static IEnumerable<ApiCause> OfKind(ApiResource resource, JsonObject item)
    {
        if (resource.Kind == "Secret")
        {
            foreach (var (name, value) in item.Child("data") ?? [])
            {
                if (!DataKey().IsMatch(name))
                {
                    yield return new ApiCause(
                        "FieldValueInvalid",
                        $"Invalid value: \"{name}\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
                        $"data[{name}]");
                }

                if (value is not null && !Convert.TryFromBase64String(value.GetValue<string>(), new byte[value.GetValue<string>().Length], out _))
                {
                    throw ApiException.BadRequest(Undecodable(resource, "illegal base64 data at input byte 0"));
                }
            }
        }

        if (resource.Kind is "Deployment" or "DaemonSet" or "StatefulSet" && item.Child("spec") is { } spec)
        {
            var labels = spec.Child("template").Child("metadata").Child("labels");
            if (spec.Child("selector").Child("matchLabels") is { } wanted && wanted.Any(label => labels.Text(label.Key) != label.Value?.GetValue<string>()))
            {
                yield return new ApiCause(
                    "FieldValueInvalid", $"Invalid value: {labels?.ToJsonString() ?? "{}"}: `selector` does not match template `labels`", "spec.template.metadata.labels");
            }

            foreach (var cause in Containers(spec.Child("template").Child("spec"), "spec.template.spec"))
            {
                yield return cause;
            }
        }

        foreach (var cause in resource.Kind == "Pod" ? Containers(item.Child("spec"), "spec") : [])
        {
            yield return cause;
        }
    }

    private static IEnumerable<ApiCause> Containers(JsonObject? pod, string path) =>
        pod.Objects("containers").Select((container, index) => (Container: container, At: $"{path}.containers[{index}]"))
            .Where(entry => string.IsNullOrEmpty(entry.Container.Text("image")))
            .Select(entry => new ApiCause("FieldValueRequired", "Required value", $"{entry.At}.image"));

    private static JsonObject Fixed(JsonObject pod)
    {
        var spec = pod.Child("spec")?.Copy() ?? [];
        foreach (var name in new[] { "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "ephemeralContainers" })
        {
            spec.Remove(name);
        }

        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            container.Remove("image");
        }

        return spec;
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain();

    [GeneratedRegex("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"^[-._a-zA-Z0-9]+$")]
    private static partial Regex DataKey();
}
