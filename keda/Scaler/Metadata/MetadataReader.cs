using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ebb.Scaler.Protos;
using Ebb.Schedules;
using Ebb.Storage;

namespace Ebb.Scaler.Metadata;

/// <summary>Reads a ScaledObject's metadata; all of its mistakes are told at once.</summary>
internal sealed class MetadataReader
{
    private const int MaxNameLength = 63;
    private const int MaxQueueLength = 128;
    private const int MaxItems = 200;
    private const int MaxTarget = 1_000_000;
    private const int DefaultTarget = 16;
    private const string NameRule = "1 to 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit";
    private const string QueueRule = "1 to 128 letters, digits, '-', '_' and '.'";

    private static readonly TimeSpan DefaultLead = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyDictionary<string, string> _metadata;
    private readonly List<string> _problems;

    private MetadataReader(IReadOnlyDictionary<string, string> metadata) =>
        (_metadata, _problems) = (metadata, [.. MetadataKeys.Problems(metadata.Keys)]);

    /// <summary>Reads; <paramref name="error"/> names the ScaledObject and every mistake, with what would be right.</summary>
    public static bool TryRead(
        ScaledObjectRef reference, [NotNullWhen(true)] out ScaledApp? app, [NotNullWhen(false)] out string? error)
    {
        var name = $"{Shown.Of(reference.Namespace)}/{Shown.Of(reference.Name)}";
        var reader = new MetadataReader(reference.ScalerMetadata.ToDictionary(StringComparer.Ordinal));
        app = reader.Read(name);
        error = reader._problems.Count == 0
            ? null
            : $"The metadata of ScaledObject {name} has {reader._problems.Count} mistake(s): {string.Join(" ", reader._problems)}";
        return error is null;
    }

    private ScaledApp Read(string scaledObject)
    {
        var app = ReadApp();
        var queues = ReadQueues();
        var zone = ReadZone();
        var timers = ReadTimers(zone);
        if (Text(MetadataKeys.Queues).Length == 0 && Text(MetadataKeys.Timers).Length == 0)
        {
            _problems.Add("'queues' and 'timers' are both empty, so that nothing would ever wake the app; name at least one.");
        }

        return new()
        {
            ScaledObject = scaledObject,
            App = app,
            Queues = queues,
            Timers = timers,
            Lead = ReadLead(),
            Target = ReadTarget(),
            AllQueues = [.. queues.Concat(timers.Select(timer => timer.Queue)).Distinct(StringComparer.Ordinal)],
        };
    }

    private string Text(string key) => _metadata.TryGetValue(key, out var text) ? text.Trim() : string.Empty;

    private string ReadApp()
    {
        var app = Text(MetadataKeys.App);
        if (app.Length == 0)
        {
            _problems.Add($"'app' is missing; it names the function app: {NameRule}.");
        }
        else if (app.Length > MaxNameLength || !IsName(app) || !char.IsAsciiLetterOrDigit(app[0]) || !char.IsAsciiLetterOrDigit(app[^1]))
        {
            _problems.Add($"'app' is '{Shown.Of(app)}'; it must be {NameRule}.");
        }

        return app;
    }

    private List<string> ReadQueues()
    {
        var queues = Items(MetadataKeys.Queues, ',');
        foreach (var queue in queues.Where(queue => queue.Length > MaxQueueLength || !IsName(queue)))
        {
            _problems.Add($"'queues' names '{Shown.Of(queue)}'; a queue is {QueueRule}, and several are separated by commas.");
        }

        return queues;
    }

    private TimeZoneInfo ReadZone()
    {
        var name = Text(MetadataKeys.TimeZone);
        if (name.Length == 0)
        {
            return TimeZoneInfo.Utc;
        }

        var zone = TimeZoneNames.Find(name);
        if (zone is null)
        {
            _problems.Add($"'timeZone' is '{Shown.Of(name)}', which is no time zone that is known here. {TimeZoneNames.Remedy}");
        }

        return zone ?? TimeZoneInfo.Utc;
    }

    private List<ScaledTimer> ReadTimers(TimeZoneInfo zone)
    {
        var timers = new List<ScaledTimer>();
        foreach (var item in Items(MetadataKeys.Timers, ';'))
        {
            var (function, schedule) = item.IndexOf('=', StringComparison.Ordinal) is var at and > 0
                ? (item[..at].Trim(), item[(at + 1)..].Trim()) : (string.Empty, string.Empty);
            if (function.Length == 0 || !IsName(function) || ScheduleState.QueueOf(function).Length > MaxQueueLength)
            {
                _problems.Add($"'timers' holds '{Shown.Of(item)}'; it must be Function=schedule, several separated by ';'.");
            }
            else if (timers.Exists(timer => timer.Function == function))
            {
                _problems.Add($"'timers' names {function} twice; a function has one schedule.");
            }
            else if (!Schedule.TryParse(schedule, out var parsed, out var error))
            {
                _problems.Add($"'timers', {function}: {error}");
            }
            else
            {
                timers.Add(new(function, parsed.In(zone)));
            }
        }

        return timers;
    }

    private TimeSpan ReadLead()
    {
        var text = Text(MetadataKeys.Lead);
        if (text.Length == 0)
        {
            return DefaultLead;
        }

        if (!LeadText.TryParse(text, out var lead))
        {
            _problems.Add($"'lead' is '{Shown.Of(text)}'; it must be {LeadText.Form}.");
        }

        return lead;
    }

    private int ReadTarget()
    {
        var text = Text(MetadataKeys.Target);
        if (text.Length == 0)
        {
            return DefaultTarget;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var target) || target is < 1 or > MaxTarget)
        {
            _problems.Add($"'target' is '{Shown.Of(text)}'; it must be a whole number from 1 to {MaxTarget}: how many messages a replica is to have.");
            return DefaultTarget;
        }

        return target;
    }

    private List<string> Items(string key, char separator)
    {
        var items = Text(key).Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal).ToList();
        if (items.Count <= MaxItems)
        {
            return items;
        }

        _problems.Add($"'{key}' names {items.Count}; at most {MaxItems} are possible in one ScaledObject.");
        return items[..MaxItems];
    }

    private static bool IsName(string text) =>
        text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
}
