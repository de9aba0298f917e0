using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ebb.Worker.Json;

/// <summary>The one set of JSON options of a process: what every app knows, and what the runtime knows.</summary>
internal static class AppJson
{
    public static JsonSerializerOptions Combine(IReadOnlyList<IFunctionApp> apps)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = JsonTypeInfoResolver.Combine([.. apps.Select(app => app.Json), WorkerJson.Default]),
        };
        options.MakeReadOnly();
        return options;
    }
}
