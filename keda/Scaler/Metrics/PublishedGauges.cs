using Ebb.Storage;

namespace Ebb.Scaler.Metrics;

/// <summary>What apps publish about their own work: they sleep when they are scraped (decision 15).</summary>
internal static class PublishedGauges
{
    // An app must not speak for the scaler or the runtime.
    private static readonly string[] Reserved = ["ebb_app_", "ebb_queue_", "ebb_function_", "ebb_timer_", "ebb_scaler_"];

    public static void Write(IReadOnlyList<Gauge> gauges, PrometheusWriter page)
    {
        foreach (var family in gauges.Where(IsAllowed).GroupBy(gauge => gauge.Name, StringComparer.Ordinal).OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            page.Family(family.Key, "gauge", family.First().Help);

            // Two samples with the same labels would spoil the whole page.
            foreach (var sample in family.DistinctBy(LabelsOf))
            {
                page.Sample(sample.Name, sample.Value, [.. sample.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => (label.Key, label.Value))]);
            }
        }
    }

    private static bool IsAllowed(Gauge gauge) => !Reserved.Any(prefix => gauge.Name.StartsWith(prefix, StringComparison.Ordinal));

    private static string LabelsOf(Gauge gauge) =>
        string.Join('\n', gauge.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
}
