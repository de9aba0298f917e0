using System.Diagnostics;
using System.Globalization;
using Ebb.Benchmarks.Processes;
using Ebb.TestServers.Network;

namespace Ebb.Benchmarks.Startup;

/// <summary>From the start of a process to its first answer, against a host that does nothing else.</summary>
internal static class StartupBenchmark
{
    private const int Starts = 21;
    private static readonly string[] Apps = ["Webhooks", "ImageMirror", "EtcdBackup", "PrPreview", "SecretBump"];

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);

    public static async Task RunAsync()
    {
        var bare = Settings.Executables("BareSlimHost", "Ebb.BareSlimHost");
        var all = Settings.Executables("AllInOne", "ebb");
        var mirror = Settings.Executables("ImageMirror", "Ebb.ImageMirror");
        (string Name, string File)[] contenders =
        [
            ("bare slim host, native", bare.Native),
            .. Apps.Select(app => ($"Ebb.{app}, native", Settings.Executables(app, $"Ebb.{app}").Native)),
            ("ebb, native", all.Native),
            ("bare slim host, JIT", bare.Jit), ("Ebb.ImageMirror, JIT", mirror.Jit), ("ebb, JIT", all.Jit),
        ];
        var starts = contenders.ToDictionary(contender => contender.Name, _ => new List<double>(), StringComparer.Ordinal);
        var memory = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var round = 0; round <= Starts; round++)
        {
            foreach (var (name, file) in contenders)
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
        foreach (var (name, _) in contenders)
        {
            var median = Measurement.Middle(starts[name]);
            var bareMedian = Measurement.Middle(starts[name.EndsWith("native", StringComparison.Ordinal) ? "bare slim host, native" : "bare slim host, JIT"]);
            table.Add(name, string.Create(CultureInfo.InvariantCulture, $"{median:F0} ms"),
                string.Create(CultureInfo.InvariantCulture, $"{median / bareMedian:F2}"),
                string.Create(CultureInfo.InvariantCulture, $"{memory[name]:F0} MB"));
        }

        table.Print();
    }

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
