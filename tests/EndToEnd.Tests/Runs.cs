using System.Net;
using System.Text.Json.Nodes;
using Ebb.EndToEnd.Tests.Processes;

namespace Ebb.EndToEnd.Tests;

/// <summary>Asks for runs and follows them, over HTTP as a pipeline does.</summary>
internal static class Runs
{
    /// <summary>Asks the door for the configured list; the run's id.</summary>
    public static Task<string> AskDoorAsync(HostProcess host) => AskAsync(host, "/api/images/mirror", Workspace.FunctionKey);

    /// <summary>Asks a worker without a door; the run's id.</summary>
    public static Task<string> AskAdminAsync(HostProcess host) => AskAsync(host, "/admin/functions/MirrorOnRequest", Workspace.MasterKey);

    /// <summary>The run in its final state.</summary>
    public static async Task<JsonNode> EndAsync(HostProcess host, string id)
    {
        for (var i = 0; i < 60; i++)
        {
            var (status, run) = await GetAsync(host, $"/api/runs/{id}?wait=10s");
            if (status != HttpStatusCode.Accepted)
            {
                return run;
            }
        }

        throw new InvalidOperationException($"Run {id} does not end. The host wrote:\n{host.Log}");
    }

    public static async Task<(HttpStatusCode Status, JsonNode Run)> GetAsync(HostProcess host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("x-functions-key", Workspace.MasterKey);
        using var answer = await host.Client.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>The run succeeded; else what it and the host say.</summary>
    public static void ShouldHaveSucceeded(this JsonNode run, HostProcess host) =>
        run["state"]?.GetValue<string>().ShouldBe("succeeded", $"{run.ToJsonString()}\n{host.Log}");

    public static IEnumerable<string> Actions(this JsonNode run) =>
        run["result"]!["images"]!.AsArray().Select(line => line!["action"]!.GetValue<string>());

    private static async Task<string> AskAsync(HostProcess host, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("x-functions-key", key);
        using var answer = await host.Client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, body);
        return JsonNode.Parse(body)!["id"]!.GetValue<string>();
    }
}
