using System.Runtime.InteropServices;

namespace Ebb.Benchmarks;

/// <summary>What <c>./dev bench</c> hands over in the environment.</summary>
internal static class Settings
{
    /// <summary>The checkout's <c>artifacts</c> folder.</summary>
    public static string Artifacts => Required("EBB_BENCH_ARTIFACTS");

    /// <summary>A directory to write into, removed afterwards.</summary>
    public static string Scratch => Required("EBB_BENCH_SCRATCH");

    /// <summary>The storage of a registry that holds the images to mirror.</summary>
    public static string SourceStorage => Required("EBB_BENCH_SOURCE");

    /// <summary>How often everything is measured; the median counts. Default 3.</summary>
    public static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("EBB_BENCH_ROUNDS"), out var rounds) ? rounds : 3;

    public static string Required(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{name} is not set: run ./dev bench");

    /// <summary>The published executables of a project: just in time with ReadyToRun images, and native.</summary>
    public static (string Jit, string Native) Executables(string project, string assembly) =>
        (Path.Combine(Artifacts, "publish", project, $"release_{RuntimeInformation.RuntimeIdentifier}", assembly),
            Path.Combine(Artifacts, "native", "publish", project, "release", assembly));
}
