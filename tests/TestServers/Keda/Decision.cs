using System.Text.Json.Nodes;

namespace Ebb.TestServers.Keda;

/// <summary>One thing that the cluster or KEDA decided or saw.</summary>
/// <param name="Time">When.</param>
/// <param name="Deployment">Whose.</param>
/// <param name="Kind">What sort of thing.</param>
/// <param name="From">Replicas before; null when it is not about replicas.</param>
/// <param name="To">Replicas after.</param>
/// <param name="Why">The reason, or what happened.</param>
public sealed record Decision(DateTimeOffset Time, string Deployment, DecisionKind Kind, int? From, int? To, string Why)
{
    public string Json => new JsonObject
    {
        ["time"] = Time.ToString("O"),
        ["deployment"] = Deployment,
        ["kind"] = Kind.ToString().ToLowerInvariant(),
        ["from"] = From,
        ["to"] = To,
        ["why"] = Why,
    }.ToJsonString();

    public override string ToString() =>
        $"{Time:HH:mm:ss.fff}  {Deployment}  {(From is null ? Kind.ToString().ToLowerInvariant() : $"{From}→{To}")}  {Why}";
}
