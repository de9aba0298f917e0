using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>The types the generator knows by name.</summary>
internal static class KnownNames
{
    public const string Function = "Ebb.Worker.FunctionAttribute";
    public const string FunctionDefinition = "Ebb.Worker.FunctionDefinition";
    public const string HttpTrigger = "global::Ebb.Worker.HttpTriggerAttribute";
    public const string TimerTrigger = "global::Ebb.Worker.TimerTriggerAttribute";
    public const string QueueTrigger = "global::Ebb.Worker.QueueTriggerAttribute";
    public const string RabbitMQTrigger = "global::Ebb.Worker.RabbitMQTriggerAttribute";
    public const string RabbitMQOutput = "global::Ebb.Worker.RabbitMQOutputAttribute";
    public const string FixedDelayRetry = "global::Ebb.Worker.FixedDelayRetryAttribute";
    public const string ExponentialBackoffRetry = "global::Ebb.Worker.ExponentialBackoffRetryAttribute";
    public const string FunctionContext = "global::Ebb.Worker.FunctionContext";
    public const string TimerInfo = "global::Ebb.Worker.TimerInfo";
    public const string HttpRequest = "global::Microsoft.AspNetCore.Http.HttpRequest";
    public const string HttpResult = "global::Microsoft.AspNetCore.Http.IResult";
    public const string CancellationToken = "global::System.Threading.CancellationToken";
    public const string Task = "global::System.Threading.Tasks.Task";
    public const string ValueTask = "global::System.Threading.Tasks.ValueTask";
    public const string Disposable = "global::System.IDisposable";
    public const string AsyncDisposable = "global::System.IAsyncDisposable";
    public const string JsonSerializable = "System.Text.Json.Serialization.JsonSerializableAttribute";
    public const string JsonSerializerContext = "global::System.Text.Json.Serialization.JsonSerializerContext";

    /// <summary>The name by which types are told apart: fully qualified, without nullability.</summary>
    public static string Qualified(this ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>The name for people.</summary>
    public static string Shown(this ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);

    /// <summary>Whether the type is, or implements, an interface.</summary>
    public static bool Implements(this ITypeSymbol type, string qualified) =>
        type.Qualified() == qualified || type.AllInterfaces.Any(implemented => implemented.Qualified() == qualified);
}
