using System.Text;
using Ebb.Worker.Generators.Models;
using static Ebb.Worker.Generators.Writing.Literals;

namespace Ebb.Worker.Generators.Writing;

/// <summary>Writes the JSON that manifests are generated from: stable in order, one function a line.</summary>
internal static class MetadataWriter
{
    public static string Write(EquatableArray<FunctionModel> functions) =>
        functions.Count == 0
            ? "{\"functions\":[]}"
            : $"{{\"functions\":[\n{string.Join(",\n", functions.Select(Function))}\n]}}";

    private static string Function(FunctionModel function)
    {
        var json = new StringBuilder("{");
        json.Append($"\"name\":{Json(function.Name)},\"entryPoint\":{Json(function.EntryPoint)},\"trigger\":{Trigger(function.Trigger)}");
        if (function.Retry is { } retry)
        {
            json.Append($",\"retry\":{{\"maxRetryCount\":{Number(retry.MaxRetryCount)},\"minimumInterval\":\"{retry.Minimum}\",\"maximumInterval\":\"{retry.Maximum}\"}}");
        }

        if (function.Outputs.Count > 0)
        {
            json.Append($",\"outputs\":[{string.Join(",", function.Outputs.Select(Output))}]");
        }

        AppendType(json, "messageType", function.Call.MessageType);
        AppendType(json, "resultType", function.Call.Returns is ReturnKind.Parts ? null : function.Call.ResultType);
        return json.Append('}').ToString();
    }

    private static string Output(OutputModel output) =>
        $"{{\"name\":{Json(output.Name)},\"type\":\"{(output.IsBroker ? "rabbitMQ" : "queue")}\",\"queueName\":{Json(output.QueueName)}}}";

    private static void AppendType(StringBuilder json, string name, string? type)
    {
        if (type is not null)
        {
            json.Append($",\"{name}\":{Json(type.Replace("global::", string.Empty))}");
        }
    }

    private static string Trigger(TriggerModel trigger) => trigger switch
    {
        TriggerModel.Http http => $"{{\"type\":\"http\",\"methods\":[{string.Join(",", http.Methods.Select(Json))}],\"authLevel\":{Json(http.AuthLevel)},\"route\":{(http.Route is null ? "null" : Json(http.Route))}}}",
        TriggerModel.Timer timer => $"{{\"type\":\"timer\",\"schedule\":{Json(timer.Schedule)},\"useMonitor\":{Boolean(timer.UseMonitor)},\"runOnStartup\":{Boolean(timer.RunOnStartup)}{CatchUp(timer)}}}",
        TriggerModel.Queue queue => $"{{\"type\":\"queue\",\"queueName\":{Json(queue.QueueName)}}}",
        TriggerModel.RabbitMQ rabbit => $"{{\"type\":\"rabbitMQ\",\"queueName\":{Json(rabbit.QueueName)}}}",
        _ => throw new InvalidOperationException($"A {trigger.GetType().Name} cannot be written; add it here."),
    };

    private static string CatchUp(TriggerModel.Timer timer) => timer.CatchUp switch
    {
        "Last" => string.Empty,
        "All" => $",\"catchUp\":\"All\",\"catchUpLimit\":{Number(timer.CatchUpLimit)}",
        var policy => $",\"catchUp\":\"{policy}\"",
    };
}
