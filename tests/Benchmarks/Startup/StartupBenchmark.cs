using System.Diagnostics;
using System.Globalization;
using Ebb.Benchmarks.Processes;
using Ebb.TestServers.Network;

namespace Ebb.Benchmarks.Startup;

/// <summary>From the start of a process to its first answer, against a host that does nothing else.</summary>
internal static class StartupBenchmark
{
    private const string Bare = "bare slim host";
    private static readonly int Starts = Settings.Count(21, smoke: 1);
    private static readonly string[] Apps = ["Webhooks", "ImageMirror", "EtcdBackup", "PrPreview", "SecretBump"];

    private static readonly TimeSpan Idle = Settings.Lasting(TimeSpan.FromSeconds(3));

    public static async Task RunAsync()
    {
        (string Name, string Kind, string File)[] contenders =
        [
            .. Contenders("BareSlimHost", "Ebb.BareSlimHost", Bare),
            .. Apps.SelectMany(app => Contenders(app, $"Ebb.{app}", $"Ebb.{app}").Where(one => one.Kind != "JIT" || app == "ImageMirror")),
            .. Contenders("AllInOne", "ebb", "ebb"),
        ];
        var starts = contenders.ToDictionary(contender => contender.Name, _ => new List<double>(), StringComparer.Ordinal);
        var memory = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var round = 0; round <= Starts; round++)
        {
            foreach (var (name, _, file) in contenders)
            {
                var (milliseconds, megabytes) = await StartOnceAsync(file, rest: round == 0);

                // The first round fills the page cache; it gives the memory figure and no time.
                if (round == 0)
                {
                    memory[name] = megabytes;
                }
                else
                {
                    starts[name].Add(milliseconds);
                }
            }
        }

        var table = new MarkdownTable("process start to first answer", "median", "times the bare host", "idle memory");
        foreach (var (name, kind, _) in contenders)
        {
            var median = Measurement.Middle(starts[name]);
            var bareMedian = Measurement.Middle(starts[$"{Bare}, {kind}"]);
            table.Add(name, string.Create(CultureInfo.InvariantCulture, $"{median:F0} ms"),
                string.Create(CultureInfo.InvariantCulture, $"{median / bareMedian:F2}"),
                string.Create(CultureInfo.InvariantCulture, $"{memory[name]:F0} MB"));
        }

        table.Print();
    }

    private static IEnumerable<(string Name, string Kind, string File)> Contenders(string project, string assembly, string name) =>
        Settings.Executables(project, assembly).Select(one => ($"{name}, {one.Kind}", one.Kind, one.File));

    private static async Task<(double Milliseconds, double Megabytes)> StartOnceAsync(string file, bool rest)
    {
        var url = $"http://127.0.0.1:{LoopbackPort.Next()}";
        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Settings.Scratch,
        };
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(url);
        foreach (var (name, value) in StartSettings())
        {
            start.Environment[name] = value;
        }

        var since = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await Answers.WaitAsync($"{url}/healthz/live", process);
            var elapsed = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
            if (!rest)
            {
                return (elapsed, 0);
            }

            await Task.Delay(Idle);
            process.Refresh();
            return (elapsed, process.WorkingSet64 / 1048576.0);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static Dictionary<string, string> StartSettings() => new(StringComparer.Ordinal)
    {
        ["Storage"] = $"sqlite:{Path.Combine(Settings.Scratch, Guid.NewGuid().ToString("N"))}/ebb.db",
        ["ImageMirror__ImagesFile"] = WriteEmptyList(),
        ["Logging__LogLevel__Default"] = "Warning",
    };

    private static string WriteEmptyList()
    {
        var path = Path.Combine(Settings.Scratch, "startup-images.yaml");
        File.WriteAllText(path, "target: 127.0.0.1:5000/library\nimages:\n  - source: 127.0.0.1:5001/debian/tini\n    tags: [\"1\"]\n");
        return path;
    }
}
