using System.Text.Json.Serialization;

namespace Ebb.Worker.SampleApp;

/// <summary>Tells the sample what to do.</summary>
public sealed record WorkRequest
{
    /// <summary><c>ok</c>, <c>fail</c>, <c>fail-once</c>, <c>fail-for-good</c>, <c>sleep</c>, <c>until-told</c> (by a file with <c>.go</c> after <see cref="File"/>), <c>hang</c>, <c>block-cancellation</c>, <c>break-cancellation</c>, <c>progress</c> or <c>die</c>.</summary>
    public string Do { get; init; } = "ok";

    /// <summary>A file that gets one line for each step.</summary>
    public string? File { get; init; }

    public int Milliseconds { get; init; }

    public WorkDetail? Detail { get; init; }
}

public sealed record WorkDetail(int Number);

public sealed record WorkReport(string Did, int Retry, string? Caller);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WorkRequest))]
[JsonSerializable(typeof(WorkReport))]
[JsonSerializable(typeof(CountedWork))]
[JsonSerializable(typeof(WorkDetail))]
public sealed partial class SampleJson : JsonSerializerContext;
