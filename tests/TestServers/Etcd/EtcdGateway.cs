using System.Text;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Etcd;

/// <summary>etcd's keys over its JSON gateway (etcd v3.5, api/etcdserverpb/rpc.proto, the HTTP annotations).</summary>
public sealed class EtcdGateway(HttpClient http)
{
    private const int Page = 5000;

    /// <summary>Writes keys and values, so many in one transaction: etcd takes 128, and 1.5 MB.</summary>
    public async Task PutAsync(IEnumerable<KeyValuePair<string, byte[]>> entries, int batch = 100)
    {
        foreach (var some in entries.Chunk(batch))
        {
            var puts = some.Select(entry => (JsonNode)new JsonObject { ["requestPut"] = new JsonObject { ["key"] = Base64(entry.Key), ["value"] = Convert.ToBase64String(entry.Value) } });
            await PostAsync("/v3/kv/txn", new JsonObject { ["success"] = new JsonArray([.. puts]) });
        }
    }

    /// <summary>Deletes a key.</summary>
    public Task DeleteAsync(string key) => PostAsync("/v3/kv/deleterange", new JsonObject { ["key"] = Base64(key) });

    /// <summary>Every key with its value and the revision that wrote it, and the revision of the whole.</summary>
    public async Task<(long Revision, SortedDictionary<string, (string Value, string ModRevision)> Keys)> ReadAllAsync()
    {
        var keys = new SortedDictionary<string, (string, string)>(StringComparer.Ordinal);
        long revision = 0;
        for (var from = "AA=="; ;)
        {
            var answer = await PostAsync("/v3/kv/range", new JsonObject { ["key"] = from, ["range_end"] = "AA==", ["limit"] = Page });
            revision = long.Parse(answer["header"]!["revision"]!.GetValue<string>());
            foreach (var entry in answer["kvs"]?.AsArray() ?? [])
            {
                from = entry!["key"]!.GetValue<string>();
                keys[from] = (entry["value"]?.GetValue<string>() ?? "", entry["mod_revision"]!.GetValue<string>());
            }

            if (answer["more"]?.GetValue<bool>() is not true)
            {
                return (revision, keys);
            }

            from = Convert.ToBase64String([.. Convert.FromBase64String(from), 0]);
        }
    }

    /// <summary>Makes a user with the role root and turns etcd's authentication on.</summary>
    public async Task EnableAuthenticationAsync(string password)
    {
        await PostAsync("/v3/auth/user/add", new JsonObject { ["name"] = "root", ["password"] = password });
        await PostAsync("/v3/auth/role/add", new JsonObject { ["name"] = "root" });
        await PostAsync("/v3/auth/user/grant", new JsonObject { ["user"] = "root", ["role"] = "root" });
        await PostAsync("/v3/auth/user/add", new JsonObject { ["name"] = "guest", ["password"] = password });
        await PostAsync("/v3/auth/enable", []);
    }

    private async Task<JsonNode> PostAsync(string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"POST {path} was answered {(int)response.StatusCode}: {text}");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
