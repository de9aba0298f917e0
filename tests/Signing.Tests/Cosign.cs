using System.Diagnostics;

namespace Ebb.Signing.Tests;

/// <summary>
/// The real cosign. Version 2 is at <c>EBB_COSIGN</c> or on the PATH, version 3 at <c>EBB_COSIGN3</c>.
/// </summary>
internal sealed class Cosign
{
    private readonly string _executable;

    private Cosign(string executable) => _executable = executable;

    public static Cosign Require()
    {
        return new Cosign(Peer.Program("cosign", "EBB_COSIGN"));
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
}
