using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Definitions;

/// <summary>Why functions are off with a configuration: the one answer that host, command line and manifests go by.</summary>
internal sealed class OffReasons
{
    private readonly bool _hasBroker;
    private readonly Dictionary<string, string> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Route, string Why)> _routes = [];

    public OffReasons(IEnumerable<IFunctionApp> apps, IConfiguration configuration, List<string> problems)
    {
        _hasBroker = RabbitMQBroker.IsConfigured(configuration);
        foreach (var (name, isDisabled) in new SettingsReader(configuration, problems).Sections("AzureWebJobs", function => (function.Name, IsDisabled: function.Flag("Disabled"))))
        {
            if (isDisabled)
            {
                _functions[name] = $"AzureWebJobs:{name}:Disabled is true";
            }
        }

        foreach (var part in apps.SelectMany(app => app.Off(configuration)))
        {
            foreach (var function in part.Functions)
            {
                _functions.TryAdd(function, part.Why);
            }

            _routes.AddRange(part.Routes.Select(route => (route, part.Why)));
        }
    }

    /// <summary>The function with the reason why it is off, if it is.</summary>
    public HostedFunction ApplyTo(HostedFunction function) => Of(function) is not { } why ? function : function with
    {
        Off = why,
        Timer = function.Timer is null ? null : function.Timer with { IsOff = true },
    };

    private string? Of(HostedFunction function) =>
        _functions.GetValueOrDefault(function.Name)
        ?? (function.Definition.Trigger is HttpTriggerDefinition http ? OfRoute(http.Route ?? function.Name) : null)
        ?? (!_hasBroker && (function.BrokerQueue is not null || function.Outputs.Any(output => output.IsBroker)) ? "neither RabbitMQ:Uri nor RabbitMQ:Host is set" : null);

    private string? OfRoute(string route) => _routes.Find(closed =>
        route.StartsWith(closed.Route, StringComparison.OrdinalIgnoreCase) && (route.Length == closed.Route.Length || route[closed.Route.Length] == '/')).Why;
}
