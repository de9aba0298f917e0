using System.Text.Json;
using System.Text.Json.Serialization;
using Ebb.Worker.Http;
using Ebb.Worker.Timers;

namespace Ebb.Worker.Json;

/// <summary>JSON metadata of what the runtime reads and writes, and of the simple types functions may return.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TimerRun))]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(IReadOnlyList<RunView>))]
[JsonSerializable(typeof(AcceptedRun))]
[JsonSerializable(typeof(HttpRunResult))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(FunctionStatus))]
[JsonSerializable(typeof(FunctionView))]
[JsonSerializable(typeof(IReadOnlyList<FunctionView>))]
[JsonSerializable(typeof(HostStatus))]
[JsonSerializable(typeof(DrainStatus))]
[JsonSerializable(typeof(KeyNames))]
[JsonSerializable(typeof(QueueView))]
[JsonSerializable(typeof(QueueChange))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
internal sealed partial class WorkerJson : JsonSerializerContext;
