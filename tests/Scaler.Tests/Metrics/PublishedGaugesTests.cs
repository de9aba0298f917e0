using Ebb.Scaler.Metrics;
using Ebb.Storage;

namespace Ebb.Scaler.Tests.Metrics;

public sealed class PublishedGaugesTests
{
    [Fact]
    public void Write_GaugesOfSeveralApps_AreFamiliesWithSortedLabels()
    {
        var page = new PrometheusWriter();

        PublishedGauges.Write(
        [
            Gauge("ebb_etcd_backup_size_bytes", 5, ("cluster", "prod")),
            Gauge("ebb_a_seconds", 1, ("zone", "z"), ("app", "a")),
            Gauge("ebb_etcd_backup_size_bytes", 7, ("cluster", "test")),
        ], page);

        page.ToString().ShouldBe("""
            # HELP ebb_a_seconds Help of ebb_a_seconds.
            # TYPE ebb_a_seconds gauge
            ebb_a_seconds{app="a",zone="z"} 1
            # HELP ebb_etcd_backup_size_bytes Help of ebb_etcd_backup_size_bytes.
            # TYPE ebb_etcd_backup_size_bytes gauge
            ebb_etcd_backup_size_bytes{cluster="prod"} 5
            ebb_etcd_backup_size_bytes{cluster="test"} 7

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Write_TheRuntimesOwnNamesAndTheSameLabelsTwice_AreLeftOut()
    {
        var page = new PrometheusWriter();

        PublishedGauges.Write([Gauge("ebb_function_runs", 5), Gauge("ebb_x", 1, ("a", "b")), Gauge("ebb_x", 2, ("a", "b"))], page);

        page.ToString().Split('\n').ShouldBe(["# HELP ebb_x Help of ebb_x.", "# TYPE ebb_x gauge", "ebb_x{a=\"b\"} 1", ""]);
    }

    private static Gauge Gauge(string name, double value, params (string Name, string Value)[] labels) =>
        new(name, $"Help of {name}.", value, labels.ToDictionary(label => label.Name, label => label.Value));
}
