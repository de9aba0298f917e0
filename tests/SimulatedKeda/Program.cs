using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Ebb.SimulatedKeda;
using Ebb.TestServers.Keda;
using Ebb.TestServers.Keda.Cluster;
using Ebb.TestServers.Keda.Operator;

Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n\n{Arguments.Usage}");
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

var manifests = Manifests.Read(arguments.ScaledObjects);
var scaledObjects = manifests.Where(one => Kind(one) == "ScaledObject").Select(ScaledObject.Parse).ToList();
var graces = manifests.Where(one => Kind(one) == "Deployment").ToDictionary(
    one => one["metadata"]!["name"]!.ToString(),
    one => one["spec"]?["template"]?["spec"]?["terminationGracePeriodSeconds"]?.ToString());
var deployments = JsonNode.Parse(await File.ReadAllTextAsync(arguments.ClusterFile))?["deployments"] as JsonObject
    ?? throw new FormatException($"{arguments.ClusterFile} has no deployments.");
var templates = deployments.Select(one => DeploymentTemplate.Parse(one.Key, one.Value!)).Select(template =>
    graces.GetValueOrDefault(template.Name) is { } grace ? template with { TerminationGracePeriod = TimeSpan.FromSeconds(int.Parse(grace)) } : template);

var log = new DecisionLog(TimeProvider.System, decision => Console.Out.WriteLine(arguments.Json ? decision.Json : decision.ToString()));
var timings = new KedaTimings { Faster = arguments.Faster };
await using var cluster = new SimulatedCluster(templates, timings, log, arguments.Logs, TimeProvider.System);
await using var keda = KedaOperator.Start(cluster, scaledObjects);
await await Task.WhenAny(stopped.Task, keda.Running);
return 0;

static string? Kind(JsonNode manifest) => manifest["kind"]?.ToString();
