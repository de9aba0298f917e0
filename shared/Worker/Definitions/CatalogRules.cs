using Ebb.Worker.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.Definitions;

/// <summary>What must hold for the functions of a process together.</summary>
internal static class CatalogRules
{
    public static void Check(IReadOnlyList<HostedFunction> functions, List<string> problems)
    {
        foreach (var function in functions)
        {
            CheckQueueName(function, problems);
            CheckBrokerQueue(function, function.BrokerQueue, "RabbitMQ queue", problems);
            CheckOutputs(function, problems);
            CheckHttp(function, problems);
        }

        CheckShared(functions, problems);
    }

    private static void CheckQueueName(HostedFunction function, List<string> problems)
    {
        if (function.Definition.Trigger is QueueTriggerDefinition && function.Queue is { } queue && !QueueName.IsValid(queue))
        {
            problems.Add($"Function '{function.Name}': its queue is '{queue}'; {QueueName.Rule}.");
        }

        if (function.Definition.Trigger is QueueTriggerDefinition && function.Queue is { } poison && QueueAddress.IsPoisonName(poison))
        {
            problems.Add($"Function '{function.Name}': its queue is '{poison}', and that is the poison queue of '{QueueAddress.Of(poison, false).Queue}'. " +
                "Give it another name.");
        }
    }

    private static void CheckBrokerQueue(HostedFunction function, string? queue, string what, List<string> problems)
    {
        if (queue is not null && !BrokerQueueName.IsValid(queue))
        {
            problems.Add($"Function '{function.Name}': its {what} is '{queue}'; {BrokerQueueName.Rule}.");
        }
        else if (queue is not null && queue == function.BrokerQueue && QueueAddress.IsPoisonName(queue))
        {
            problems.Add($"Function '{function.Name}': its {what} is '{queue}', and that is where the poisoned messages of " +
                $"'{QueueAddress.Of(queue, false).Queue}' go. Give it another name.");
        }
    }

    private static void CheckOutputs(HostedFunction function, List<string> problems)
    {
        foreach (var output in function.Outputs)
        {
            if (output.IsBroker)
            {
                CheckBrokerQueue(function, output.Queue, "output queue", problems);
            }
            else if (!QueueName.IsValid(output.Queue))
            {
                problems.Add($"Function '{function.Name}': its output queue is '{output.Queue}'; {QueueName.Rule}.");
            }
        }
    }

    private static void CheckHttp(HostedFunction function, List<string> problems)
    {
        if (function.Definition.Trigger is not HttpTriggerDefinition http)
        {
            return;
        }

        if (http.AuthLevel is AuthorizationLevel.User)
        {
            problems.Add($"Function '{function.Name}': AuthorizationLevel.User is not supported; use Function, System, Admin or Anonymous.");
        }

        try
        {
            RoutePatternFactory.Parse(function.Route!);
        }
        catch (RoutePatternException wrong)
        {
            problems.Add($"Function '{function.Name}': its route is '{http.Route}': {wrong.Message}");
        }

        if (ReservedRoutes.Holds(function.Route!))
        {
            problems.Add($"Function '{function.Name}': its route '{function.Route}' belongs to the runtime ({ReservedRoutes.Listed}). Give it another.");
        }
    }

    private static void CheckShared(IReadOnlyList<HostedFunction> functions, List<string> problems)
    {
        var queues = functions.Where(function => function.Queue is not null).GroupBy(function => function.Queue);
        var brokerQueues = functions.Where(function => function.BrokerQueue is not null).GroupBy(function => function.BrokerQueue);
        foreach (var shared in queues.Concat(brokerQueues).Where(group => group.Count() > 1))
        {
            problems.Add($"The functions {Names(shared)} listen to the same queue '{shared.Key}'; each message would go to one of them by chance. " +
                "Give each its own queue.");
        }

        foreach (var shared in functions.Where(function => function.IsHttp).GroupBy(function => function.Route, StringComparer.OrdinalIgnoreCase))
        {
            var clashing = shared.Where(one => shared.Any(other => other != one && Overlap(one, other))).ToList();
            if (clashing.Count > 0)
            {
                problems.Add($"The functions {Names(clashing)} share the route '{shared.Key}' and a method. Change one's route or methods.");
            }
        }
    }

    private static bool Overlap(HostedFunction one, HostedFunction other)
    {
        var (left, right) = (Methods(one), Methods(other));
        return left.Count == 0 || right.Count == 0 || left.Intersect(right, StringComparer.OrdinalIgnoreCase).Any();
    }

    private static IReadOnlyList<string> Methods(HostedFunction function) => ((HttpTriggerDefinition)function.Definition.Trigger).Methods;

    private static string Names(IEnumerable<HostedFunction> functions) =>
        string.Join(" and ", functions.Select(function => $"'{function.Name}' ({function.App})"));
}
