using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Metrics;

internal sealed partial class MetricsPage
{
    [LoggerMessage(1040, LogLevel.Warning, "A scrape gets no figures of queues, functions and timers: host storage does not answer")]
    private partial void LogNoFigures(Exception exception);
}
