using System.Text.Json.Serialization.Metadata;
using Ebb.Worker.Json;

namespace Ebb.Worker;

/// <summary>
/// A function's own verdict that its work failed, with a report. Other exceptions fail a run too; this one also says
/// whether trying again could help.
/// </summary>
public sealed class FunctionFailedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The report, as JSON; it becomes the failed run's result.</summary>
    public string? Report { get; init; }

    /// <summary>True (default): retried like any failure. False: the run ends failed at once, nothing goes to the poison queue.</summary>
    public bool Retryable { get; init; } = true;

    /// <summary>What the run's error type and the status of waiting answers are. Default: 500.</summary>
    public FailureKind Kind { get; init; } = FailureKind.Failed;

    internal string ErrorType => Kind is FailureKind.Failed ? nameof(FunctionFailedException) : Kind.ToString();

    /// <summary>A failure with a report that trying again would not change.</summary>
    public static FunctionFailedException Final<T>(string message, T report, JsonTypeInfo<T> json) =>
        new(message) { Report = ReadableJson.Text(report, json), Retryable = false };
}
