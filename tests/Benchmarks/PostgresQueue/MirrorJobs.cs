using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Benchmarks.PostgresQueue;

/// <summary>The job: its payload is read into a type, and that is all.</summary>
public sealed class MirrorJobs(Countdown jobs)
{
    internal const string Queue = "mirror";

    /// <summary>Counts the job.</summary>
    [Function("Mirror")]
    public void Run([QueueTrigger(Queue)] MirrorJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        jobs.One();
    }
}

/// <summary>A small payload.</summary>
public sealed record MirrorJob(string Image, string Tag, int Number);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MirrorJob))]
internal sealed partial class MirrorJson : JsonSerializerContext;
