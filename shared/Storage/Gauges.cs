using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Ebb.Storage;

/// <summary>The gauges that apps publish: one document for each publisher, replaced as a whole.</summary>
public static partial class Gauges
{
    /// <summary>What the keys of these documents begin with; the publisher's name follows.</summary>
    public const string KeyPrefix = "gauges/";

    /// <summary>The most gauges of one publisher.</summary>
    public const int MaxGauges = 500;

    /// <summary>Publishes; what was published under the same name before is gone.</summary>
    /// <param name="documents">Host storage.</param>
    /// <param name="publisher">Such as <c>etcd/prod</c>: one name for each place in the code and each thing told about.</param>
    /// <param name="gauges">At most <see cref="MaxGauges"/>.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ArgumentException">A name or label is not one of Prometheus, or there are too many.</exception>
    public static async Task PublishAsync(IDocumentStore documents, string publisher, IReadOnlyList<Gauge> gauges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(gauges);
        if (gauges.Count > MaxGauges || gauges.FirstOrDefault(gauge => !IsUsable(gauge)) is not null)
        {
            throw new ArgumentException($"Gauges are at most {MaxGauges}, named ebb_ and lower-case letters, with labels in lower-case letters.", nameof(gauges));
        }

        await documents.WriteAsync(KeyPrefix + publisher, gauges, GaugesJson.Default.IReadOnlyListGauge, cancellationToken);
    }

    /// <summary>Everything that is published. What cannot be read is left out.</summary>
    public static async Task<IReadOnlyList<Gauge>> ReadAsync(IDocumentStore documents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return [.. (await documents.ListAsync(KeyPrefix, cancellationToken)).SelectMany(document => document.ReadOrNull(GaugesJson.Default.IReadOnlyListGauge)?.Take(MaxGauges) ?? []).Where(IsUsable)];
    }

    private static bool IsUsable(Gauge gauge) =>
        gauge is { Name: not null, Help: not null, Labels: not null } && MetricName().IsMatch(gauge.Name) && gauge.Labels.Keys.All(label => LabelName().IsMatch(label));

    [GeneratedRegex(@"\Aebb_[a-z][a-z0-9_]{0,120}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,60}\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelName();
}

/// <summary>JSON metadata of gauges, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<Gauge>))]
internal sealed partial class GaugesJson : JsonSerializerContext;
