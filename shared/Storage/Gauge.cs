namespace Ebb.Storage;

/// <summary>
/// One figure that an app publishes for the scrapers: a gauge of Prometheus. Apps sleep at zero replicas, where nobody can scrape them, so
/// their figures are documents, and whoever serves metrics (keda/Scaler) shows them.
/// </summary>
/// <param name="Name">The metric: <c>ebb_</c> and lower-case letters, digits and underscores, its unit at the end.</param>
/// <param name="Help">What it tells.</param>
/// <param name="Value">The value.</param>
/// <param name="Labels">Labels, their names in lower-case letters and underscores.</param>
public sealed record Gauge(string Name, string Help, double Value, IReadOnlyDictionary<string, string> Labels);
