using Ebb.Worker.Json;

namespace Ebb.Worker.Definitions;

/// <summary>Shows functions to people and tools.</summary>
internal static class FunctionViews
{
    public static FunctionView Of(HostedFunction function, DateTimeOffset? next) => new()
    {
        Name = function.Name,
        App = function.App,
        EntryPoint = function.Definition.EntryPoint,
        Href = $"/admin/functions/{function.Name}",
        InvokeUrlTemplate = function.Route,
        Trigger = function.TriggerName,
        Schedule = function.Timer?.Schedule.Text,
        Next = next,
        Queue = function.Queue ?? function.BrokerQueue,
        Config = new FunctionConfig([BindingOf(function)]),
    };

    private static FunctionBindingView BindingOf(HostedFunction function)
    {
        var binding = new FunctionBindingView { Type = function.TriggerName };
        return function.Definition.Trigger switch
        {
            HttpTriggerDefinition http => binding with
            {
                AuthLevel = http.AuthLevel.ToString(),
                Methods = http.Methods,
                Route = http.Route ?? function.Name,
            },
            TimerTriggerDefinition timer => binding with
            {
                Schedule = function.Timer?.Schedule.Text,
                UseMonitor = timer.UseMonitor,
                RunOnStartup = timer.RunOnStartup,
                CatchUp = function.Timer?.CatchUp.ToString(),
                CatchUpLimit = function.Timer is { CatchUp: CatchUp.All } all ? all.CatchUpLimit : null,
            },
            _ => binding with { QueueName = function.Queue ?? function.BrokerQueue },
        };
    }
}
