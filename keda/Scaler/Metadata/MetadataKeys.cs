using Ebb.Contracts;

namespace Ebb.Scaler.Metadata;

/// <summary>The keys of a trigger's metadata.</summary>
internal static class MetadataKeys
{
    public const string App = "app";
    public const string Queues = "queues";
    public const string Timers = "timers";
    public const string TimeZone = "timeZone";
    public const string Lead = "lead";
    public const string Target = "target";

    private static readonly string[] Own = [App, Queues, Timers, TimeZone, Lead, Target];

    // What KEDA reads for itself; it hands everything on.
    private static readonly string[] OfKeda =
    [
        "scalerAddress", "enableTLS", "unsafeSsl", "tlsCertFile", "caCert", "tlsClientCert", "tlsClientKey", "tlsServerName",
        "useCachedMetrics", "metricType", "metricUnavailableValue",
    ];

    /// <summary>What is wrong with the keys: each unknown one, with the one that was probably meant.</summary>
    public static IEnumerable<string> Problems(IEnumerable<string> keys) =>
        keys.Where(key => !Own.Contains(key) && !OfKeda.Contains(key)).Order(StringComparer.Ordinal).Select(Problem);

    private static string Problem(string key) => NearestName.Of(key, [.. Own, .. OfKeda]) is { } meant
        ? $"'{Shown.Of(key)}' is not known; did you mean '{meant}'?"
        : $"'{Shown.Of(key)}' is not known; the keys are {string.Join(", ", Own)}.";
}
