using Ebb.Worker.Http;
using Ebb.Worker.Queues;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Hosting;

/// <summary>The functions whose triggers host storage does not carry, each with the listener its app registered.</summary>
internal sealed class OtherTriggers
{
    private readonly List<(ITriggerListener Listener, List<TriggeredFunction> Functions)> _listening = [];
    private readonly TriggerHost _host;

    /// <exception cref="HostStartException">A function has no listener, or an output no sender.</exception>
    public OtherTriggers(HostSetup setup, IServiceProvider provider, ListenerServices services, FunctionKeys keys)
    {
        _host = new TriggerHost(services.State, setup.Host);
        var problems = new List<string>();
        var listeners = provider.GetServices<ITriggerListener>().ToList();
        foreach (var group in setup.Functions.Functions.Where(function => function.BrokerQueue is not null)
            .GroupBy(function => listeners.Find(listener => listener.Handles(function.Definition.Trigger))))
        {
            if (group.Key is { } listener)
            {
                _listening.Add((listener, [.. group.Select(function => new TriggeredFunction(function, services, keys))]));
            }
            else
            {
                problems.AddRange(group.Select(function => Missing(function.Name, function.App, $"trigger is RabbitMQTrigger(\"{function.BrokerQueue}\")", "listener")));
            }
        }

        var sends = provider.GetService<IOutputSender>() is not null;
        problems.AddRange(setup.Functions.Functions.Where(_ => !sends)
            .SelectMany(function => function.Outputs.Where(output => output.IsBroker)
                .Select(output => Missing(function.Name, function.App, $"output is RabbitMQOutput(\"{output.Queue}\")", "sender"))));
        if (problems.Count > 0)
        {
            throw new HostStartException(problems);
        }
    }

    public IEnumerable<Task> Run() => _listening.Select(one => Task.Run(() => one.Listener.RunAsync(_host, one.Functions)));

    private static string Missing(string function, string app, string what, string part) =>
        $"Function '{function}' ({app}): its {what}, but no {part} for it is registered. Reference shared/RabbitMQ and call " +
        "services.AddRabbitMQ(configuration) in the app's ConfigureServices.";
}
