using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ebb.Storage;

namespace Ebb.Worker.Timers;

/// <summary>The message that a due timer is.</summary>
internal static class TimerMessage
{
    /// <summary>
    /// The message of one occurrence. It replaces an earlier one that still waits, so that at most one waits behind a run; where every
    /// occurrence is to run, it does not.
    /// </summary>
    public static EnqueueRequest Occurrence(ScheduledTimer timer, DateTimeOffset occurrence, TimerRun run) =>
        Create(timer, run) with { IdempotencyKey = occurrence.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) };

    /// <summary>The message of a run that no occurrence started.</summary>
    public static EnqueueRequest Extra(ScheduledTimer timer) => Create(timer, new TimerRun());

    private static EnqueueRequest Create(ScheduledTimer timer, TimerRun run) => new()
    {
        Queue = timer.Queue,
        Function = timer.Function,
        Trigger = TriggerKind.Timer,
        SequenceKey = timer.Function,
        SupersedesWaiting = timer.CatchUp is not CatchUp.All,
        Body = JsonSerializer.Serialize(run, TimerJson.Default.TimerRun),
    };
}

/// <summary>JSON metadata of <see cref="TimerRun"/>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TimerRun))]
internal sealed partial class TimerJson : JsonSerializerContext;
