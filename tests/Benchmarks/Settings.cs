using System.Runtime.InteropServices;

namespace Ebb.Benchmarks;

/// <summary>What <c>./dev bench</c> hands over in the environment.</summary>
internal static class Settings
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    /// <summary>The checkout's <c>artifacts</c> folder.</summary>
    public static string Artifacts => Required("EBB_BENCH_ARTIFACTS");

    /// <summary>A directory to write into, removed afterwards.</summary>
    public static string Scratch => Required("EBB_BENCH_SCRATCH");

    /// <summary>The storage of a registry that holds the images to mirror.</summary>
    public static string SourceStorage => Required("EBB_BENCH_SOURCE");

    /// <summary>Whether a benchmark shows only that it runs: a second of it, on the debug build, with figures that mean nothing.</summary>
    public static bool IsSmoke => Environment.GetEnvironmentVariable("EBB_BENCH_SMOKE") is "1";

    /// <summary>How often everything is measured; the median counts. Default 3, for smoke 1.</summary>
    public static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("EBB_BENCH_ROUNDS"), out var rounds) ? rounds : Count(3, smoke: 1);

    public static string Required(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{name} is not set: run ./dev bench");

    /// <summary>How many of something.</summary>
    public static int Count(int measured, int smoke) => IsSmoke ? smoke : measured;

    /// <summary>How long something lasts, for smoke a second at most.</summary>
    public static TimeSpan Lasting(TimeSpan measured) => IsSmoke && measured > OneSecond ? OneSecond : measured;

    /// <summary>The published executables of a project: native, and just in time with ReadyToRun images; for smoke the debug build.</summary>
    public static IReadOnlyList<(string Kind, string File)> Executables(string project, string assembly) => IsSmoke
        ? [("debug", Built(project, assembly))]
        : [
            ("native", Path.Combine(Artifacts, "native", "publish", project, "release", assembly)),
            ("JIT", Path.Combine(Artifacts, "publish", project, $"release_{RuntimeInformation.RuntimeIdentifier}", assembly)),
        ];

    /// <summary>A project's executable as the build left it.</summary>
    public static string Built(string project, string assembly) => Path.Combine(Artifacts, "bin", project, IsSmoke ? "debug" : "release", assembly);
}
