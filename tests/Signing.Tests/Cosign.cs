using System.Diagnostics;

namespace Ebb.Signing.Tests;

/// <summary>
/// The real cosign. Version 2 is at <c>EBB_COSIGN</c> or on the PATH, version 3 at <c>EBB_COSIGN3</c>. A test that needs one
/// that is missing is skipped, and fails where <c>EBB_REQUIRE_PEERS=1</c> says that version 2 must be there.
/// </summary>
internal sealed class Cosign
{
    private readonly string _executable;

    private Cosign(string executable) => _executable = executable;

    public static Cosign Require()
    {
        var path = Environment.GetEnvironmentVariable("EBB_COSIGN") is { Length: > 0 } named ? named : OnPath("cosign");
        if (path is null || !File.Exists(path))
        {
            (Environment.GetEnvironmentVariable("EBB_REQUIRE_PEERS") == "1").ShouldBeFalse("cosign is missing: set EBB_COSIGN or put it on the PATH.");
            Assert.Skip("cosign is not installed: set EBB_COSIGN or put it on the PATH. './dev test' installs it.");
        }

        return new Cosign(path);
    }

    public static Cosign Require3()
    {
        var path = Environment.GetEnvironmentVariable("EBB_COSIGN3");
        Assert.SkipUnless(path is { Length: > 0 } && File.Exists(path), "cosign 3 is not installed: set EBB_COSIGN3 to it.");
        return new Cosign(path!);
    }

    public async Task<(int ExitCode, string Output)> TryRunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(_executable, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment["COSIGN_PASSWORD"] = "password of the tests";
        start.Environment["HOME"] = folder;
        start.Environment["DOCKER_CONFIG"] = folder;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    public async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var (code, output) = await TryRunAsync(folder, arguments);
        code.ShouldBe(0, output);
        return output;
    }

    /// <summary>Verifies as the README tells people to.</summary>
    public Task<(int ExitCode, string Output)> VerifyAsync(string folder, string publicKey, string image) =>
        TryRunAsync(folder, "verify", "--key", publicKey, "--insecure-ignore-tlog=true", "--allow-http-registry", image);

    private static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
