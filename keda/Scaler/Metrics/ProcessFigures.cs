using System.Diagnostics;
using System.Reflection;

namespace Ebb.Scaler.Metrics;

/// <summary>What Prometheus' client libraries tell of a process, under the same names.</summary>
internal static class ProcessFigures
{
    private static readonly string Version =
        typeof(ProcessFigures).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public static void WriteTo(PrometheusWriter page)
    {
        using var process = Process.GetCurrentProcess();
        page.Family("process_cpu_seconds_total", "counter", "Processor time in seconds.");
        page.Sample("process_cpu_seconds_total", process.TotalProcessorTime.TotalSeconds);
        page.Family("process_resident_memory_bytes", "gauge", "Resident memory in bytes.");
        page.Sample("process_resident_memory_bytes", process.WorkingSet64);
        page.Family("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.");
        page.Sample("process_start_time_seconds", new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0);
        page.Family("ebb_scaler_build_info", "gauge", "1, with the version.");
        page.Sample("ebb_scaler_build_info", 1, ("version", Version));
    }
}
