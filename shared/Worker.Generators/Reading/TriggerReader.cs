using Ebb.Schedules;
using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads a trigger attribute.</summary>
internal static class TriggerReader
{
    private const int UserLevel = 1;

    private static readonly Dictionary<int, string> AuthLevels = new() { [0] = "Anonymous", [2] = "Function", [3] = "System", [4] = "Admin" };

    /// <summary>Null when something is wrong; it is reported then.</summary>
    public static TriggerModel? Read(FunctionMethod method, AttributeData attribute) => attribute.AttributeClass!.Qualified() switch
    {
        KnownNames.HttpTrigger => Http(method, attribute),
        KnownNames.TimerTrigger => Timer(method, attribute),
        KnownNames.RabbitMQTrigger => RabbitMQ(method, attribute),
        _ => Queue(method, attribute),
    };

    private static TriggerModel.Timer? Timer(FunctionMethod method, AttributeData attribute)
    {
        var schedule = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? string.Empty;
        if (!ScheduleExpression.IsSetting(schedule) && ScheduleExpression.Parse(schedule, out var error) is null)
        {
            method.Report(Diagnostics.Schedule, FunctionMethod.ArgumentOf(attribute, 0), schedule, method.Name, error, ScheduleExpression.Form);
            return null;
        }

        return CatchUpReader.Read(method, attribute) is { } catchUp
            ? new(schedule, Named(attribute, "UseMonitor") as bool? ?? true, Named(attribute, "RunOnStartup") as bool? ?? false, catchUp.Policy, catchUp.Limit)
            : null;
    }

    private static TriggerModel.Queue? Queue(FunctionMethod method, AttributeData attribute) =>
        QueueNames.ReadHost(method, attribute) is { } queue ? new(queue) : null;

    private static TriggerModel.RabbitMQ? RabbitMQ(FunctionMethod method, AttributeData attribute) =>
        QueueNames.ReadBroker(method, attribute) is { } queue ? new(queue, Named(attribute, "OneAtATime") is true, IsScoped(method)) : null;

    private static TriggerModel.Http? Http(FunctionMethod method, AttributeData attribute)
    {
        var level = 2;
        var methods = new List<string>();
        foreach (var argument in attribute.ConstructorArguments)
        {
            if (argument.Kind is TypedConstantKind.Array)
            {
                methods.AddRange(argument.IsNull ? [] : argument.Values.Select(value => (value.Value as string ?? string.Empty).ToUpperInvariant()));
            }
            else if (argument.Value is int given)
            {
                level = given;
            }
        }

        if (!AuthLevels.TryGetValue(level, out var levelName))
        {
            method.Report(Diagnostics.AuthLevel, FunctionMethod.ArgumentOf(attribute, 0), method.Name, level == UserLevel ? "User" : $"{level}");
            return null;
        }

        var route = Named(attribute, "Route") as string;
        var error = RouteRules.Check(route ?? method.Name) ?? RouteRules.CheckMethods(methods);
        if (error is not null)
        {
            method.Report(Diagnostics.Route, FunctionMethod.ArgumentOf(attribute, int.MaxValue), method.Name, error);
            return null;
        }

        return new(new(methods), levelName, route, IsScoped(method));
    }

    private static bool IsScoped(FunctionMethod method) => method.Symbol.Attribute(KnownNames.Scoped) is not null;

    internal static object? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value;
}
