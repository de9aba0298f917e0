using System.Text.Json.Serialization;

namespace Ebb.Worker.Json;

/// <summary>A function as the admin endpoints show it; <c>config.bindings</c> as Azure Functions has it.</summary>
internal sealed record FunctionView
{
    public required string Name { get; init; }

    public required string App { get; init; }

    public required string EntryPoint { get; init; }

    public required string Href { get; init; }

    [JsonPropertyName("invoke_url_template")]
    public string? InvokeUrlTemplate { get; init; }

    public required string Trigger { get; init; }

    public string? Schedule { get; init; }

    /// <summary>The next occurrence of a timer.</summary>
    public DateTimeOffset? Next { get; init; }

    public string? Queue { get; init; }

    public required FunctionConfig Config { get; init; }
}

/// <summary>The bindings of a function.</summary>
internal sealed record FunctionConfig(IReadOnlyList<FunctionBindingView> Bindings);

/// <summary>One binding, with the members its type has.</summary>
internal sealed record FunctionBindingView
{
    public required string Type { get; init; }

    public string Direction { get; init; } = "in";

    public string? AuthLevel { get; init; }

    public IReadOnlyList<string>? Methods { get; init; }

    public string? Route { get; init; }

    public string? Schedule { get; init; }

    public bool? UseMonitor { get; init; }

    public bool? RunOnStartup { get; init; }

    public string? CatchUp { get; init; }

    public int? CatchUpLimit { get; init; }

    public string? QueueName { get; init; }
}
