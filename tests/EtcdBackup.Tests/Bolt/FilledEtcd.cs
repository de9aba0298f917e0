using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Ebb.TestServers.Network;

namespace Ebb.EtcdBackup.Tests.Bolt;

/// <summary>A real etcd of one member, written to in bulk through its JSON gateway; it knows which keys should exist.</summary>
internal sealed class FilledEtcd : IAsyncDisposable
{
    private const int KeysInOne = 100;
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-etcd-");
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly string _url;

    private FilledEtcd(string program, string[] options)
    {
        _url = $"http://127.0.0.1:{LoopbackPort.Next()}";
        var peer = $"http://127.0.0.1:{LoopbackPort.Next()}";
        string[] arguments =
        [
            "--name=one", $"--data-dir={DataDirectory}", $"--listen-client-urls={_url}", $"--advertise-client-urls={_url}",
            $"--listen-peer-urls={peer}", $"--initial-advertise-peer-urls={peer}", $"--initial-cluster=one={peer}", "--max-request-bytes=8388608", .. options,
        ];
        _client = new HttpClient { BaseAddress = new Uri(_url) };
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HashSet<string> Keys { get; } = [];

    public string DataDirectory => Path.Combine(_folder.FullName, "data");

    public static async Task<FilledEtcd> StartAsync(string program, params string[] options)
    {
        var etcd = new FilledEtcd(program, options);
        try
        {
            await etcd.WaitAsync();
            return etcd;
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes each key, many to a transaction.</summary>
    public async Task PutAsync(IEnumerable<string> keys, Func<string, byte[]> value, long lease = 0)
    {
        await InTransactionsAsync(keys, key => new JsonObject
        {
            ["requestPut"] = new JsonObject { ["key"] = Text(key), ["value"] = Convert.ToBase64String(value(key)), ["lease"] = lease },
        });
        Keys.UnionWith(keys);
    }

    public async Task DeleteAsync(IEnumerable<string> keys)
    {
        await InTransactionsAsync(keys, key => new JsonObject { ["requestDeleteRange"] = new JsonObject { ["key"] = Text(key) } });
        Keys.ExceptWith(keys);
    }

    public async Task<long> LeaseAsync() => Number(await CallAsync("lease/grant", new JsonObject { ["TTL"] = 100_000 }), "ID");

    public async Task<long> RevisionAsync() => Number((await CountAsync())["header"]!, "revision");

    /// <summary>How many keys etcd itself counts.</summary>
    public async Task<long> CountKeysAsync() => Number(await CountAsync(), "count");

    public Task CompactAsync(long revision) => CallAsync("kv/compaction", new JsonObject { ["revision"] = revision, ["physical"] = true });

    public Task DefragmentAsync() => CallAsync("maintenance/defragment", []);

    /// <summary>A snapshot by etcdctl.</summary>
    public async Task<string> SnapshotAsync(string path)
    {
        await EtcdPrograms.RunAsync(EtcdPrograms.Etcdctl, $"--endpoints={_url}", "snapshot", "save", path);
        return path;
    }

    /// <summary>Ends the member as a power cut would, and gives its database as it lies there.</summary>
    public async Task<string> KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        return Path.Combine(DataDirectory, "member", "snap", "db");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Text(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    // The gateway writes numbers of 64 bits as strings (protobuf's JSON mapping), and leaves zeros out.
    private static long Number(JsonNode node, string name) => node[name] is { } value ? long.Parse(value.GetValue<string>()) : 0;

    private async Task InTransactionsAsync(IEnumerable<string> keys, Func<string, JsonObject> operation)
    {
        foreach (var some in keys.Chunk(KeysInOne))
        {
            await CallAsync("kv/txn", new JsonObject { ["success"] = new JsonArray([.. some.Select(operation)]) });
        }
    }

    private Task<JsonNode> CountAsync() => CallAsync("kv/range", new JsonObject { ["key"] = "AA==", ["range_end"] = "AA==", ["count_only"] = true });

    private async Task<JsonNode> CallAsync(string path, JsonObject body)
    {
        using var answer = await _client.PostAsJsonAsync($"/v3/{path}", body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!;
    }

    private async Task WaitAsync()
    {
        using var limit = new CancellationTokenSource(StartTime);
        while (true)
        {
            try
            {
                await CountAsync();
                return;
            }
            catch (Exception e) when (e is HttpRequestException or ShouldAssertException && !_process.HasExited && !limit.IsCancellationRequested)
            {
                await Task.Delay(50);
            }
        }
    }
}
