using System.Globalization;
using Ebb.Benchmarks.Processes;
using Ebb.TestServers.Etcd;
using Ebb.TestServers.S3;

namespace Ebb.Benchmarks.Etcd;

/// <summary>
/// A database of 1 GB from a real etcd into s3rver, encrypted: by ebb, and by hand with <c>etcdctl snapshot save</c>, <c>age</c> and an upload in parts with rclone
/// (five megabytes, four at once: its defaults), one after the other, which verifies nothing. Every round measures all of them; ratios are within the round.
/// </summary>
internal static class EtcdBenchmark
{
    private const int ValueBytes = 16 * 1024;
    private static readonly int Entries = Settings.Count(61_000, smoke: 100);

    public static async Task RunAsync()
    {
        await using var etcd = await EtcdServer.StartAsync(new EtcdServerOptions { QuotaBytes = 8L << 30 });
        await etcd.Gateway.PutAsync(KubernetesKeys.Make(Entries, ValueBytes), batch: 40);
        await using var s3 = await S3rverServer.StartAsync();
        Contender[] contenders =
        [
            .. Settings.Executables("EtcdBackup", "Ebb.EtcdBackup").SelectMany(ebb => new Contender[]
            {
                new($"ebb, {ebb.Kind}, whole run", Ebb(ebb.File, etcd, s3, readBack: true)),
                new($"ebb, {ebb.Kind}, without reading back", Ebb(ebb.File, etcd, s3, readBack: false)),
            }),
            new("etcdctl, age, rclone by hand", ByHand(etcd, s3)),
        ];
        var results = contenders.ToDictionary(contender => contender, _ => new List<Measurement>());
        for (var round = 1; round <= Settings.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                await MeasuredProcess.RunAsync(new Command("sync", []));
                results[contender].Add(await MeasuredProcess.RunAsync(contender.Command));
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"       round {round}  {contender.Name,-34} {results[contender][^1].WallSeconds,6:F1} s"));
            }
        }

        Print(contenders, results);
    }

    private static Command Ebb(string program, EtcdServer etcd, S3rverServer s3, bool readBack) => new(program, ["run", "SnapshotOnRequest", "--input", """{"prune":false}"""])
    {
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Storage"] = $"sqlite:{Path.Combine(Settings.Scratch, "storage")}/ebb.db",
            ["EtcdBackup__Source"] = "etcd",
            ["EtcdBackup__Cluster"] = "bench",
            ["EtcdBackup__Endpoints"] = etcd.Endpoint,
            ["EtcdBackup__Store"] = $"s3://{s3.Login.Bucket}/ebb",
            ["EtcdBackup__Store__Endpoint"] = s3.Login.Endpoint,
            ["AWS_ACCESS_KEY_ID"] = s3.Login.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = s3.Login.SecretKey,
            ["EtcdBackup__AgeRecipients"] = Settings.Required("EBB_BENCH_RECIPIENT"),
            ["EtcdBackup__ReadBack"] = $"{readBack}",
        },
    };

    private static Command ByHand(EtcdServer etcd, S3rverServer s3)
    {
        var file = Path.Combine(Settings.Scratch, "by-hand.db");
        var steps = string.Join(" && ",
            $"'{EtcdPrograms.Client}' --endpoints '{etcd.Endpoint}' snapshot save '{file}'",
            $"age -r '{Settings.Required("EBB_BENCH_RECIPIENT")}' -o '{file}.age' '{file}'",
            $"rclone copyto '{file}.age' bench:{s3.Login.Bucket}/by-hand.age",
            $"rm '{file}' '{file}.age'");
        return new Command("/bin/sh", ["-c", steps])
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["AWS_CA_BUNDLE"] = "",
                ["RCLONE_CONFIG"] = "/dev/null",
                ["RCLONE_CONFIG_BENCH_TYPE"] = "s3",
                ["RCLONE_CONFIG_BENCH_PROVIDER"] = "Other",
                ["RCLONE_CONFIG_BENCH_ENDPOINT"] = s3.Login.Endpoint,
                ["RCLONE_CONFIG_BENCH_ACCESS_KEY_ID"] = s3.Login.AccessKey,
                ["RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY"] = s3.Login.SecretKey,
            },
        };
    }

    private static void Print(Contender[] contenders, Dictionary<Contender, List<Measurement>> results)
    {
        var byHand = results[contenders[^1]];
        var table = new MarkdownTable("1 GB of etcd to S3", "wall", "times by hand", "CPU", "peak memory");
        foreach (var contender in contenders)
        {
            var median = Measurement.Median(results[contender]);
            var ratio = Measurement.Middle(results[contender].Zip(byHand, (ours, theirs) => ours.WallSeconds / theirs.WallSeconds));
            table.Add(contender.Name, Text($"{median.WallSeconds:F1} s"), Text($"{ratio:F2}"), Text($"{median.CpuSeconds:F1} s"), Text($"{median.PeakMegabytes:F0} MB"));
        }

        table.Print();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Contender(string Name, Command Command);
}
