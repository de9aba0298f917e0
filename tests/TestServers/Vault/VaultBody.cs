using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Vault;

/// <summary>A request's JSON object; empty when there is no body.</summary>
public sealed record VaultBody(JsonObject Content)
{
    public string? Text(string name) => Content[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public bool Flag(string name) => Content[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    internal static async Task<VaultBody?> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync();
        try
        {
            return text.Length == 0 ? new VaultBody([]) : JsonNode.Parse(text) is JsonObject content ? new VaultBody(content) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
