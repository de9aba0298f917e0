using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes.Ownership;

namespace Ebb.TestServers.Kubernetes.Endpoints;

/// <summary>Create, update, patch and delete (https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-update).</summary>
internal static class WriteEndpoint
{
    private const string Patches = "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";

    public static (int Code, JsonObject Body) Create(Cluster cluster, ApiRequest request, JsonNode? body)
    {
        var item = Content(request, body);
        return (201, cluster.Writer.Create(request.Resource!, item, Options(request, applies: false)));
    }

    public static (int Code, JsonObject Body) Update(Cluster cluster, ApiRequest request, JsonNode? body)
    {
        var item = Content(request, body);
        var resource = request.Resource!;
        if (resource.IsCustom && item.Version().Length == 0)
        {
            throw ApiException.Invalid(resource, item.Name(), [new ApiCause("FieldValueInvalid", "Invalid value: 0x0: must be specified for an update", "metadata.resourceVersion")]);
        }

        return (200, cluster.Writer.Change(resource, request.Namespace, request.Name!, _ => item.Copy(), Options(request, applies: false)));
    }

    public static (int Code, JsonObject Body) Patch(Cluster cluster, ApiRequest request, string contentType, JsonNode? body, Action authorizeCreation)
    {
        var resource = request.Resource!;
        if (contentType == "application/apply-patch+yaml")
        {
            return Apply(cluster, request, Content(request, body), authorizeCreation);
        }

        if (request.Query("force") is not null)
        {
            throw new ApiException(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch");
        }

        Func<JsonObject, JsonObject> change = (contentType, body) switch
        {
            ("application/merge-patch+json", JsonObject merge) => live => Patching.Merge(live, merge),
            ("application/json-patch+json", JsonArray steps) => live => Patching.Apply(live, steps),
            ("application/merge-patch+json" or "application/json-patch+json", _) => throw ApiException.BadRequest("error decoding patch: json: cannot unmarshal value"),
            _ => throw ApiException.UnsupportedMediaType(Patches),
        };
        try
        {
            return (200, cluster.Writer.Change(resource, request.Namespace, request.Name!, change, Options(request, applies: false)));
        }
        catch (ApiException failure) when (failure.Code == 400 && failure.Message.Contains("strict decoding error", StringComparison.Ordinal))
        {
            // A strict failure of a patch quotes the patch (apiserver, endpoints/handlers/patch.go).
            var why = failure.Message[failure.Message.IndexOf("strict", StringComparison.Ordinal)..];
            var cause = new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = $"Invalid value: {JsonSerializer.Serialize(body!.ToJsonString())}: {why}", ["field"] = "patch" };
            throw new ApiException(422, "Invalid", $" \"\" is invalid: patch: {cause["message"]}", new JsonObject { ["causes"] = new JsonArray(cause) });
        }
    }

    public static (int Code, JsonObject Body) Delete(Cluster cluster, ApiRequest request, JsonNode? body)
    {
        var options = body as JsonObject ?? [];
        if (request.Query("propagationPolicy") is { } policy)
        {
            options["propagationPolicy"] = policy;
        }

        if (options.Text("propagationPolicy") is not (null or "Background" or "Foreground" or "Orphan"))
        {
            throw new ApiException(422, "Invalid", $"DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"{options.Text("propagationPolicy")}\"");
        }

        var resource = request.Resource!;
        var uid = cluster.Store.Find(resource, request.Namespace, request.Name!)?.Uid();
        if (cluster.Writer.Delete(resource, request.Namespace, request.Name!, options) is { } waiting && waiting.Uid() == uid)
        {
            return (200, waiting);
        }

        var details = ApiException.Details(resource, request.Name);
        details["uid"] = uid;
        return (200, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details });
    }

    private static (int Code, JsonObject Body) Apply(Cluster cluster, ApiRequest request, JsonObject item, Action authorizeCreation)
    {
        if (request.Query("fieldManager") is not { Length: > 0 })
        {
            throw new ApiException(400, "BadRequest", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        }

        var options = Options(request, applies: true) with { Force = request.Flag("force") };
        var applied = cluster.Writer.Apply(request.Resource!, request.Namespace, request.Name!, item, options, authorizeCreation, out var created);
        return (created ? 201 : 200, applied);
    }

    private static JsonObject Content(ApiRequest request, JsonNode? body)
    {
        var item = (body as JsonObject)?.Copy() ?? throw ApiException.BadRequest("the object provided is unrecognized (must be of type Object)");
        var resource = request.Resource!;
        if (item.Text("apiVersion") != resource.ApiVersion || item.Text("kind") != resource.Kind)
        {
            throw ApiException.BadRequest(
                $"the API version in the data ({item.Text("apiVersion")}) and kind ({item.Text("kind")}) do not match the expected ({resource.ApiVersion}, Kind={resource.Kind})");
        }

        if (request.Namespace is { } at)
        {
            if (item.Namespace() is { Length: > 0 } other && other != at)
            {
                throw ApiException.BadRequest($"the namespace of the provided object does not match the namespace sent on the request");
            }

            item.Metadata()["namespace"] = at;
        }

        if (request.Name is { } name)
        {
            if (item.Name() is { Length: > 0 } given && given != name)
            {
                throw ApiException.BadRequest($"the name of the object ({given}) does not match the name on the URL ({name})");
            }

            item.Metadata()["name"] = name;
        }

        return item;
    }

    private static WriteOptions Options(ApiRequest request, bool applies)
    {
        var manager = request.Query("fieldManager") is { Length: > 0 } name ? name : request.Http.Headers.UserAgent.ToString().Split('/')[0];
        return new WriteOptions(new FieldManager(manager, applies, request.Subresource ?? ""))
        {
            Strict = request.Query("fieldValidation") == "Strict",
            DryRun = request.Query("dryRun") == "All",
        };
    }
}
