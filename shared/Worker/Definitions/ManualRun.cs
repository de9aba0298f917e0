using System.Text.Json;
using Ebb.Storage;
using Ebb.Worker.Json;
using Ebb.Worker.Timers;

namespace Ebb.Worker.Definitions;

/// <summary>A run that a person asks for.</summary>
internal static class ManualRun
{
    /// <summary>The message that starts the function; a timer's runs after those that already wait, never beside them.</summary>
    public static EnqueueRequest MessageFor(HostedFunction function, string? input) => new()
    {
        Queue = function.Queue ?? throw new ArgumentException($"'{function.Name}' has no queue.", nameof(function)),
        Body = BodyFor(function, input),
        Trigger = TriggerKind.Manual,
        Function = function.Name,
        SequenceKey = function.IsTimer ? function.Name : null,
    };

    public static string BodyFor(HostedFunction function, string? input) =>
        function.IsTimer ? JsonSerializer.Serialize(new TimerRun(), WorkerJson.Default.TimerRun) : input ?? string.Empty;
}
