using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>The types the generator knows by name.</summary>
internal static class KnownNames
{
    public const string Function = "Microsoft.Azure.Functions.Worker.FunctionAttribute";
    public const string IndexedFunction = "Ebb.Worker.IndexedFunction";
    public const string HttpTrigger = "global::Microsoft.Azure.Functions.Worker.HttpTriggerAttribute";
    public const string TimerTrigger = "global::Microsoft.Azure.Functions.Worker.TimerTriggerAttribute";
    public const string QueueTrigger = "global::Microsoft.Azure.Functions.Worker.QueueTriggerAttribute";
    public const string RabbitMQTrigger = "global::Ebb.Worker.RabbitMQTriggerAttribute";
    public const string QueueOutput = "global::Microsoft.Azure.Functions.Worker.QueueOutputAttribute";
    public const string RabbitMQOutput = "global::Ebb.Worker.RabbitMQOutputAttribute";
    public const string HttpResultOutput = "global::Microsoft.Azure.Functions.Worker.HttpResultAttribute";
    public const string Binding = "global::Microsoft.Azure.Functions.Worker.Extensions.Abstractions.BindingAttribute";
    public const string OutputBinding = "global::Microsoft.Azure.Functions.Worker.Extensions.Abstractions.OutputBindingAttribute";
    public const string CatchUp = "global::Ebb.Worker.CatchUpAttribute";
    public const string Scoped = "global::Ebb.Worker.ScopedAttribute";
    public const string FromBody = "global::Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute";
    public const string FromBodyOfMvc = "global::Microsoft.AspNetCore.Mvc.FromBodyAttribute";
    public const string FixedDelayRetry = "global::Microsoft.Azure.Functions.Worker.FixedDelayRetryAttribute";
    public const string ExponentialBackoffRetry = "global::Microsoft.Azure.Functions.Worker.ExponentialBackoffRetryAttribute";
    public const string MessageRetry = "global::Ebb.Worker.MessageRetryAttribute";
    public const string FunctionContext = "global::Microsoft.Azure.Functions.Worker.FunctionContext";
    public const string TimerInfo = "global::Microsoft.Azure.Functions.Worker.TimerInfo";
    public const string QueueMessage = "global::Azure.Storage.Queues.Models.QueueMessage";
    public const string BinaryData = "global::System.BinaryData";
    public const string HttpRequest = "global::Microsoft.AspNetCore.Http.HttpRequest";
    public const string HttpResult = "global::Microsoft.AspNetCore.Http.IResult";
    public const string ActionResult = "global::Microsoft.AspNetCore.Mvc.IActionResult";
    public const string ProgramFunctions = "Ebb.Worker.Builder.ProgramFunctions";
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

    /// <summary>The first attribute of a class; null when there is none.</summary>
    public static AttributeData? Attribute(this ISymbol symbol, string qualified) =>
        symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Qualified() == qualified);

    /// <summary>Whether the attribute's class derives from a class.</summary>
    public static bool DerivesFrom(this AttributeData attribute, string qualified)
    {
        for (var type = attribute.AttributeClass?.BaseType; type is not null; type = type.BaseType)
        {
            if (type.Qualified() == qualified)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The attribute's name as it is written: without its suffix.</summary>
    public static string Written(this AttributeData attribute)
    {
        const string suffix = "Attribute";
        var name = attribute.AttributeClass?.Name ?? string.Empty;
        return name.EndsWith(suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - suffix.Length) : name;
    }

    /// <summary>Whether the type is an answer to an HTTP request.</summary>
    public static bool IsAnswer(this ITypeSymbol type) => type.Implements(HttpResult) || type.Implements(ActionResult);

    /// <summary>Whether the type is, or implements, an interface.</summary>
    public static bool Implements(this ITypeSymbol type, string qualified) =>
        type.Qualified() == qualified || type.AllInterfaces.Any(implemented => implemented.Qualified() == qualified);
}
