using Ebb.TestServers.Keda.Cluster;

namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>The sample app as a Deployment.</summary>
internal static class SampleWorker
{
    public static DeploymentTemplate Template(DirectoryInfo folder, StageOptions options)
    {
        var work = folder.CreateSubdirectory("work").FullName;
        File.WriteAllText(Path.Combine(work, "host.json"), $$"""
            {
              "version": "2.0",
              "functionTimeout": "00:01:00",
              "extensions": {"queues": {"batchSize": {{options.BatchSize}}, "newBatchThreshold": 0, "visibilityTimeout": "00:00:00.200", "maxDequeueCount": 5} }
            }
            """);
        var environment = new Dictionary<string, string>(options.StorageSettings, StringComparer.Ordinal)
        {
            ["Queues__LeaseDuration"] = options.Lease.ToString("c"),
            ["Shutdown__Grace"] = options.Grace.ToString("c"),
            ["FunctionKeys__Directory"] = Path.Combine(work, "no-keys"),
            ["Sample__Journal"] = Path.Combine(folder.FullName, "journal"),
            ["Sample__CountedSchedule"] = ScalingStage.Schedule,
        };
        foreach (var (name, value) in options.WorkerEnvironment)
            environment[name] = value;
        if (options.WorkerStorage is { } storage)
            environment["Storage"] = storage;
        return new DeploymentTemplate
        {
            Name = ScalingStage.Worker,
            Command = [Peers.SampleApp, "start", "--urls", "http://127.0.0.1:{port}"],
            Environment = environment,
            WorkingDirectory = work,
            ReadinessPath = "/healthz/ready",
            TerminationGracePeriod = options.Grace + TimeSpan.FromSeconds(30),
        };
    }
}
