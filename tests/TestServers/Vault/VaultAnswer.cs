using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Vault;

/// <summary>An answer as Vault shapes it.</summary>
public sealed record VaultAnswer(int Status, JsonNode? Body)
{
    public static VaultAnswer NotFound => Error(404);

    public static VaultAnswer MethodNotAllowed => Error(405, "1 error occurred:\n\t* unsupported operation\n\n");

    public static VaultAnswer Error(int status, params string[] errors) =>
        new(status, new JsonObject { ["errors"] = new JsonArray([.. errors.Select(error => (JsonNode)error)]) });

    public static VaultAnswer Data(JsonObject data) => Of("data", data);

    public static VaultAnswer Of(string member, JsonObject content) => new(200, new JsonObject
    {
        ["request_id"] = Guid.NewGuid().ToString(),
        ["lease_id"] = "",
        ["renewable"] = false,
        ["lease_duration"] = 0,
        ["data"] = null,
        ["wrap_info"] = null,
        ["warnings"] = null,
        ["auth"] = null,
        [member] = content,
    });

    internal async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (Body is not null)
        {
            await response.WriteAsync(Body.ToJsonString());
        }
    }
}
