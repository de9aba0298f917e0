using System.Text.Json;
using Ebb.Worker.Configuration;
using Ebb.Worker.Timers;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Definitions;

/// <summary>Every function of every app in the process.</summary>
internal sealed class FunctionCatalog
{
    private readonly Dictionary<string, HostedFunction> _byName;

    private FunctionCatalog(IReadOnlyList<HostedFunction> functions)
    {
        Functions = [.. functions.Where(function => function.Off is null)];
        Off = [.. functions.Where(function => function.Off is not null)];
        _byName = functions.ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Those that are on.</summary>
    public IReadOnlyList<HostedFunction> Functions { get; }

    /// <summary>Those that are off.</summary>
    public IReadOnlyList<HostedFunction> Off { get; }

    /// <summary>Those that take work from a queue: queue functions and timers.</summary>
    public IEnumerable<HostedFunction> Listening => Functions.Where(function => function.Queue is not null);

    /// <summary>Every timer, those too that are off: storage is to say so.</summary>
    public IEnumerable<ScheduledTimer> Timers => Functions.Concat(Off).Select(function => function.Timer).OfType<ScheduledTimer>();

    /// <summary>The function of that name if it is on, compared without case as Azure Functions does.</summary>
    public HostedFunction? Find(string name) => _byName.GetValueOrDefault(name) is { Off: null } function ? function : null;

    /// <summary>A sentence that says why the function of that name is off; null when it is on, or none.</summary>
    public string? WhyOff(string name) => _byName.GetValueOrDefault(name) is { Off: { } why } function ? $"'{function.Name}' is off: {why}." : null;

    public static FunctionCatalog Build(
        IReadOnlyList<IFunctionApp> apps, IConfiguration configuration, HostOptions host, JsonSerializerOptions json, List<string> problems)
    {
        if (!TimerTimeZone.TryRead(configuration, out var zone, out var unknownZone))
        {
            problems.Add(unknownZone);
        }

        var resolver = new FunctionResolver(configuration, host, zone ?? TimeZoneInfo.Utc, problems);
        var off = new OffReasons(apps, configuration, problems);
        var functions = new List<HostedFunction>();
        foreach (var (app, definition) in apps.SelectMany(app => app.Functions.Select(definition => (app, definition))))
        {
            if (functions.Find(other => string.Equals(other.Name, definition.Name, StringComparison.OrdinalIgnoreCase)) is { } twin)
            {
                problems.Add($"Function '{definition.Name}' exists twice: {twin.Definition.EntryPoint} ({twin.App}) and " +
                    $"{definition.EntryPoint} ({app.Name}). Rename one.");
                continue;
            }

            functions.Add(off.ApplyTo(resolver.Resolve(app, definition)));
            problems.AddRange(MissingJson(definition, json));
        }

        CatalogRules.Check(functions, problems);
        return new FunctionCatalog(functions);
    }

    // Asks the resolver: the options would build every property's metadata, which can wait for the first message.
    private static IEnumerable<string> MissingJson(IndexedFunction definition, JsonSerializerOptions json) =>
        definition.JsonTypes.Where(type => json.TypeInfoResolver!.GetTypeInfo(type, json) is null).Select(type =>
            $"Function '{definition.Name}' ({definition.EntryPoint}) reads or returns {type}, which has no JSON metadata. Add " +
            $"[JsonSerializable(typeof({type.Name}))] to the JsonSerializerContext that the app's Json property gives.");
}
