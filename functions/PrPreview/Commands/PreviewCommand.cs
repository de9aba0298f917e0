using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Contracts.Images;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Names;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.PrPreview.Commands;

/// <summary><c>preview render &lt;event.json&gt; --values values.yaml</c>: every object of a preview, without a cluster.</summary>
internal static class PreviewCommand
{
    public static Command Create(IConfiguration configuration)
    {
        var file = new Argument<FileInfo>("event") { Description = "A message of the queue pull-requests, as JSON." };
        var values = new Option<FileInfo?>("--values") { Description = "The values file of the branch. Default: none." };
        var render = new Command("render", "Print the objects of a preview as a List that kubectl takes; asks no server.") { file, values };
        render.SetAction((result, cancellationToken) => RenderAsync(
            configuration, result.GetValue(file)!, result.GetValue(values), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, cancellationToken));
        return new Command("preview", "Work with previews of pull requests.") { render };
    }

    private static async Task<int> RenderAsync(
        IConfiguration configuration, FileInfo file, FileInfo? valuesFile, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var options = PreviewOptions.Required(configuration);
            var values = valuesFile is null ? [] : await File.ReadAllBytesAsync(valuesFile.FullName, cancellationToken);
            var (kept, leftOut) = new BranchValues(options).Read(values);
            var plan = PlanOf(options, await File.ReadAllTextAsync(file.FullName, cancellationToken), kept);
            foreach (var key in leftOut)
            {
                await error.WriteLineAsync($"left out, because a branch may not set it: {key}");
            }

            await output.WriteLineAsync(ListOf(options, plan).ToJsonString(Readable));
            return 0;
        }
        catch (Exception e) when (e is PreviewException or PreviewConfigurationException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static JsonSerializerOptions Readable { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static PreviewPlan PlanOf(PreviewOptions options, string json, JsonObject values)
    {
        var problems = new ListProblems();
        var read = PullRequestEventReader.Read(json, problems) ?? throw new PreviewException($"The event cannot be read:\n{string.Join('\n', problems.Messages)}");
        if (!PreviewBranch.TryRead(read.SourceBranch, out var app, out var problem))
        {
            throw new PreviewException($"The event's branch means no preview: {problem}.");
        }

        var subject = new PreviewSubject { App = app, PullRequest = new(read.Server, read.Host, read.Repository, read.Number), IsFork = read.IsFork };
        return read.HeadSha is not { IsFull: true } sha ? throw new PreviewException("The event has no full commit; a preview needs all of it.")
            : new PreviewRenderer(options).TryPlan(subject, sha, values, out var plan, out problem) ? plan
            : throw new PreviewException($"The image can have no name: {problem}");
    }

    private static JsonObject ListOf(PreviewOptions options, PreviewPlan plan)
    {
        var renderer = new PreviewRenderer(options);
        var items = renderer.Surroundings(plan).ToList();
        if (plan.WithSecrets && options.Environment.HasPullSecret)
        {
            // What is in it is only known to the cluster.
            items.Add(renderer.Secret(plan, """{"auths":{}}"""u8.ToArray()));
        }

        items.Add(renderer.Application(plan));
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. items.Select(item => (JsonNode)item.Content)]) };
    }
}
