using System.Text.Json.Serialization;

namespace Ebb.RabbitMq.Tests.App;

/// <summary>Tells the test function what to do.</summary>
public sealed record WorkMessage(string Id, string Do);

public sealed record WorkDone(string Id, int Retry);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WorkMessage))]
[JsonSerializable(typeof(WorkDone))]
public sealed partial class TestJson : JsonSerializerContext;
