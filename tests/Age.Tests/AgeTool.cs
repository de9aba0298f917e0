using System.Diagnostics;

namespace Ebb.Age.Tests;

/// <summary>The real age: at <c>EBB_AGE</c> or on the PATH. One that is missing skips a test, and fails it where <c>EBB_REQUIRE_PEERS=1</c>.</summary>
internal static class AgeTool
{
    public static Task<string> AgeAsync(string folder, params string[] arguments) => RunAsync(Path, folder, arguments);

    public static Task<string> KeygenAsync(string folder, params string[] arguments) => RunAsync($"{Path}-keygen", folder, arguments);

    private static string Path
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("EBB_AGE") is { Length: > 0 } named
                ? named
                : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
                    .Select(folder => System.IO.Path.Combine(folder, "age")).FirstOrDefault(File.Exists);
            if (path is null || !File.Exists(path))
            {
                (Environment.GetEnvironmentVariable("EBB_REQUIRE_PEERS") == "1").ShouldBeFalse("age is missing: set EBB_AGE or put it on the PATH.");
                Assert.Skip("age is not installed: set EBB_AGE or put it on the PATH. './dev test' installs it.");
            }

            return path;
        }
    }

    private static async Task<string> RunAsync(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error);
        return await output;
    }
}
