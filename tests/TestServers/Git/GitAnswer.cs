using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Git;

/// <summary>An answer of a stand-in.</summary>
public sealed record GitAnswer(int Status, JsonNode? Body = null)
{
    public byte[]? Raw { get; init; }

    public string ContentType { get; init; } = "application/json; charset=utf-8";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static GitAnswer File(byte[] content, string contentType) => new(200) { Raw = content, ContentType = contentType };

    public static JsonArray List(IEnumerable<JsonNode> items) => new([.. items]);

    internal async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        if (Raw is not null || Body is not null)
        {
            response.ContentType = ContentType;
            await response.Body.WriteAsync(Raw ?? System.Text.Encoding.UTF8.GetBytes(Body!.ToJsonString()));
        }
    }
}
