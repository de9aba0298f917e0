using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Ebb.SimulatedPlatform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

if (args is not ["--directory", var directory, "--secret", var secret])
{
    await Console.Error.WriteLineAsync("Ebb.SimulatedPlatform --directory <folder> --secret <the hook's secret>");
    return 2;
}

var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopped.TrySetResult();
}

using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

await using var platform = await Platform.StartAsync(secret);
await using var secrets = await Secrets.StartAsync(platform.Api.Cluster);
await using var control = WebApplication.CreateSlimBuilder().Build();
control.Urls.Add("http://127.0.0.1:0");
control.MapPost("/image", (string app, string sha) => platform.PushImage(app, sha));
control.MapPost("/open", async (int number, string branch, string sha, string door) => (await platform.OpenAsync(number, branch, sha, new Uri(door))).ToString());
control.MapPost("/push", async (int number, string sha, string door) => (await platform.PushAsync(number, sha, new Uri(door))).ToString());
control.MapPost("/close", async (int number, string door) => (await platform.CloseAsync(number, new Uri(door))).ToString());
control.MapGet("/pull-request", (int number) => Results.Text(platform.PullRequest(number).ToJsonString(), "application/json"));
control.MapGet("/cluster", (string name) => string.Join('\n', platform.Objects(name)));
control.MapGet("/secrets", secrets.Describe);
control.MapGet("/vault-requests", () => $"{secrets.Requests}");
await control.StartAsync();

await File.WriteAllTextAsync(Path.Combine(directory, "git-token"), platform.Git.Token);
await File.WriteAllTextAsync(Path.Combine(directory, "vault-token"), secrets.Token());
await File.WriteAllTextAsync(Path.Combine(directory, "kubeconfig"), $$$"""
    {"apiVersion":"v1","kind":"Config","current-context":"demo","contexts":[{"name":"demo","context":{"cluster":"demo","user":"demo"}}],
     "clusters":[{"name":"demo","cluster":{"server":"{{{platform.Api.Address}}}"}}],"users":[{"name":"demo","user":{"token":"{{{platform.Api.Access.AdminToken}}}"}}]}
    """);
var addresses = new JsonObject
{
    ["kubernetes"] = platform.Api.Address,
    ["git"] = platform.Git.Address,
    ["registry"] = platform.Registry.Host,
    ["vault"] = secrets.Vault.Address,
    ["control"] = control.Urls.First(),
};

// Whoever waits for the file finds all of it.
await File.WriteAllTextAsync(Path.Combine(directory, "platform.json.tmp"), addresses.ToJsonString());
File.Move(Path.Combine(directory, "platform.json.tmp"), Path.Combine(directory, "platform.json"), overwrite: true);
await stopped.Task;
return 0;
