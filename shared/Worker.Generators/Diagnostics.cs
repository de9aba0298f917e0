using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators;

/// <summary>The mistakes the compiler reports. Each has a page under infra/docs/diagnostics.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor Schedule = Error(
        "EBB001", "Schedule is not valid", "The schedule '{0}' of function '{1}' is not valid: {2}. Write {3}.");

    public static readonly DiagnosticDescriptor DuplicateName = Error(
        "EBB002", "Function name is used twice", "Another function is named '{0}' too. Names are compared without case; rename one of them.");

    public static readonly DiagnosticDescriptor Trigger = Error(
        "EBB003", "Function needs exactly one trigger", "Function '{0}' has {1} triggers. Put exactly one of HttpTrigger, TimerTrigger, QueueTrigger and RabbitMQTrigger on one of its parameters.");

    public static readonly DiagnosticDescriptor TriggerParameter = Error(
        "EBB004", "Trigger parameter has the wrong type", "Parameter '{0}' of function '{1}' is a '{2}', but its {3} brings {4}. Change the parameter's type.");

    public static readonly DiagnosticDescriptor Parameter = Error(
        "EBB005", "Parameter cannot be bound", "Nothing can be bound to parameter '{0}' of function '{1}'. Besides the trigger a function takes, by value, a FunctionContext, a CancellationToken, the [FromBody] of a request, and by their names the parameters of the route or the metadata of the message, as string, int, long, double, bool, Guid or DateTimeOffset; ask for services in the constructor.");

    public static readonly DiagnosticDescriptor Return = Error(
        "EBB006", "Return type is not supported", "Function '{0}' returns '{1}'. {2}.");

    public static readonly DiagnosticDescriptor Callable = Error(
        "EBB007", "Function cannot be called", "Function '{0}' cannot be called: {1}");

    public static readonly DiagnosticDescriptor Name = Error(
        "EBB008", "Function name is not valid", "'{0}' is no function name. Write a letter, then up to 99 letters, digits, '-' and '_'.");

    public static readonly DiagnosticDescriptor Queue = Error(
        "EBB009", "Queue name is not valid", "The queue '{0}' of function '{1}' is no queue name. Write 1 to 128 letters, digits and '-', '_', '.', or a whole-string %Setting%.");

    public static readonly DiagnosticDescriptor AuthLevel = Error(
        "EBB010", "Authorization level is not supported", "Function '{0}' asks for authorization level '{1}', which nothing here can check. Use Anonymous, Function, System or Admin.");

    public static readonly DiagnosticDescriptor Route = Error(
        "EBB011", "Route or HTTP method is not valid", "Function '{0}' cannot be reached: {1}");

    public static readonly DiagnosticDescriptor Retry = Error(
        "EBB012", "Retry policy is not valid", "The retry policy of function '{0}' is not valid: {1}");

    public static readonly DiagnosticDescriptor JsonType = Error(
        "EBB013", "Type has no JSON metadata", "'{0}', used by function '{1}', has no JSON metadata. Add [JsonSerializable(typeof({2}))] to a JsonSerializerContext that the app gives as its Json.");

    public static readonly DiagnosticDescriptor BrokerQueue = Error(
        "EBB014", "RabbitMQ queue name is not valid", "The RabbitMQ queue '{0}' of function '{1}' is no queue name. Write 1 to 220 bytes without control characters that do not begin with 'amq.', or a whole-string %Setting%.");

    public static readonly DiagnosticDescriptor Output = Error(
        "EBB015", "Output has nothing to send", "Function '{0}' has a {2}, but it {1}. Return the value to send, or take the attribute away.");

    public static readonly DiagnosticDescriptor CatchUp = Error(
        "EBB016", "Catch-up is not valid", "What function '{0}' catches up is not valid: {1}");

    public static readonly DiagnosticDescriptor Binding = Error(
        "EBB017", "Binding is not supported", "Function '{0}' has a {1}, and this host has nothing that serves it. There are HttpTrigger, TimerTrigger, QueueTrigger, RabbitMQTrigger, QueueOutput, RabbitMQOutput and HttpResult; ask for a client of anything else in the constructor.");

    public static readonly DiagnosticDescriptor Scoped = Error(
        "EBB018", "Scoped means nothing here", "Function '{0}' is [Scoped], but only those who call by HttpTrigger or RabbitMQTrigger can be limited to names. Take the attribute away.");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Ebb.Functions", DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: $"infra/docs/diagnostics/{id}.md");
}
