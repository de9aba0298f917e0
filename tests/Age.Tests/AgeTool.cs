using System.Diagnostics;

namespace Ebb.Age.Tests;

/// <summary>The real age: at <c>EBB_AGE</c> or on the PATH.</summary>
internal static class AgeTool
{
    public static Task<string> AgeAsync(string folder, params string[] arguments) => RunAsync(Path, folder, arguments);

    public static Task<string> KeygenAsync(string folder, params string[] arguments) => RunAsync($"{Path}-keygen", folder, arguments);

    private static string Path => Peer.Program("age", "EBB_AGE");

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
