using System.Net;
using System.Text.Json.Nodes;

namespace Ebb.Webhooks.Tests.Git;

/// <summary>Every member of every dialect, missing or of another kind: named or borne, and never a failure or a 4xx.</summary>
public sealed class MutationTests(GitDoorFixture door) : IClassFixture<GitDoorFixture>
{
    private static readonly string?[] Replacements = ["null", "true", "-1", "1e99", "\"\"", "\"\\ud800\"", "[1,null,{}]", "{\"id\":{}}", null];

    public static TheoryData<string, string, string> Hosts => CredentialTests.Hosts;

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Read_EachMemberChanged_NeverFails(string host, string @event, string body)
    {
        var statuses = new HashSet<HttpStatusCode>();
        foreach (var path in Paths(JsonNode.Parse(body)!.AsObject(), []))
        {
            foreach (var replacement in Replacements)
            {
                using var response = await door.SendAsync(host, @event, Changed(body, path, replacement));
                statuses.Add(response.StatusCode);
                response.StatusCode.ShouldBeOneOf([HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.NoContent], $"{string.Join('.', path)} = {replacement ?? "missing"}");
            }
        }

        statuses.ShouldContain(HttpStatusCode.OK);
    }

    private static IEnumerable<string[]> Paths(JsonObject node, string[] above)
    {
        foreach (var (name, value) in node)
        {
            string[] path = [.. above, name];
            yield return path;
            foreach (var below in value is JsonObject inner ? Paths(inner, path) : [])
            {
                yield return below;
            }
        }
    }

    private static string Changed(string body, string[] path, string? replacement)
    {
        var root = JsonNode.Parse(body)!.AsObject();
        if (root.ContainsKey("eventType"))
        {
            root["id"] = Guid.NewGuid().ToString();
        }

        var parent = path[..^1].Aggregate(root, (node, name) => node[name]!.AsObject());
        parent.Remove(path[^1]);
        var text = root.ToJsonString();
        if (replacement is null)
        {
            return text;
        }

        // Put in as text: half a surrogate pair is JSON that no writer writes.
        parent[path[^1]] = "@here@";
        return root.ToJsonString().Replace("\"@here@\"", replacement, StringComparison.Ordinal);
    }
}
