using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes;

/// <summary>A failed request as a Status object, in the API server's words (apimachinery, pkg/api/errors).</summary>
public sealed class ApiException(int code, string? reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code => code;

    public static ApiException NotFound(ApiResource resource, string name) =>
        new(404, "NotFound", $"{resource.QualifiedName} \"{name}\" not found", Details(resource, name));

    public static ApiException NoSuchResource => new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiException AlreadyExists(ApiResource resource, string name) =>
        new(409, "AlreadyExists", $"{resource.QualifiedName} \"{name}\" already exists", Details(resource, name));

    public static ApiException Conflict(ApiResource resource, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {resource.QualifiedName} \"{name}\": {why}", Details(resource, name));

    public static ApiException Modified(ApiResource resource, string name) =>
        Conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException Forbidden(ApiResource resource, string? name, string why, params ReadOnlySpan<ApiCause> causes) =>
        new(403, "Forbidden", name is null ? $"{resource.QualifiedName} is forbidden: {why}" : $"{resource.QualifiedName} \"{name}\" is forbidden: {why}", Details(resource, name, causes));

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException Unauthorized => new(401, "Unauthorized", "Unauthorized");

    public static ApiException Gone(string message) => new(410, "Expired", message);

    public static ApiException MethodNotAllowed => new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiException UnsupportedMediaType(string accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    /// <summary>What apply says of a field that is not in the schema: no error of the API machinery, so a 500 without a reason (kubernetes#122480).</summary>
    public static ApiException Untyped(ApiResource resource, string? @namespace, string name, string field) =>
        new(500, null, $"failed to create typed patch object ({@namespace}/{name}; {resource.ApiVersion}, Kind={resource.Kind}): .{field}: field not declared in schema");

    public static ApiException Invalid(ApiResource resource, string name, IReadOnlyList<ApiCause> causes)
    {
        var words = causes.Select(cause => $"{cause.Field}: {cause.Message}").ToList();
        var list = words.Count == 1 ? words[0] : $"[{string.Join(", ", words)}]";
        return new(422, "Invalid", $"{resource.QualifiedKind} \"{name}\" is invalid: {list}", Details(resource, name, [.. causes], kind: true));
    }

    public JsonObject ToStatus()
    {
        var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure", ["message"] = Message };
        if (reason is not null)
        {
            status["reason"] = reason;
        }

        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        status["code"] = code;
        return status;
    }

    public static JsonObject Details(ApiResource resource, string? name, ReadOnlySpan<ApiCause> causes = default, bool kind = false)
    {
        // The real server puts the plural name into "kind", except for invalid objects.
        var details = new JsonObject { ["kind"] = kind ? resource.Kind : resource.Plural };
        if (resource.Group.Length > 0)
        {
            details["group"] = resource.Group;
        }

        if (name is not null)
        {
            details["name"] = name;
        }

        if (causes.Length > 0)
        {
            var list = new JsonArray();
            foreach (var cause in causes)
            {
                list.Add(new JsonObject { ["reason"] = cause.Reason, ["message"] = cause.Message, ["field"] = cause.Field });
            }

            details["causes"] = list;
        }

        return details;
    }
}
