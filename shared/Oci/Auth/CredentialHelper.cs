using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Ebb.Http;

namespace Ebb.Oci.Auth;

/// <summary>Runs <c>docker-credential-&lt;name&gt; get</c> (docker-credential-helpers protocol); its output and time are bounded.</summary>
internal sealed class CredentialHelper(string name, TimeProvider time)
{
    private const int MaxOutputChars = 64 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    /// <summary>The credential for a server; null when the helper has none.</summary>
    public async Task<Credential?> GetAsync(string server, CancellationToken cancellationToken)
    {
        if (name.Length > 100 || name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."))
        {
            throw Failure("its name is not made of letters, digits, '-', '_' and '.'");
        }

        using var limit = new CancellationTokenSource(TimeLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var (exitCode, output) = await RunAsync(server, both.Token);
            return exitCode == 0 ? Parse(output)
                : output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase) ? null
                : throw Failure($"it ended with {exitCode}: {Redaction.Text(output.Trim())}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw Failure($"it did not end within {TimeLimit.TotalSeconds} s");
        }
        catch (Exception e) when (e is Win32Exception or JsonException or IOException)
        {
            throw Failure(e.Message);
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string server, CancellationToken cancellationToken)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo($"docker-credential-{name}", "get")
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        process.Start();
        try
        {
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            await AskAsync(process.StandardInput, server, cancellationToken);
            var output = new char[MaxOutputChars];
            var length = await process.StandardOutput.ReadBlockAsync(output, cancellationToken);
            if (length == MaxOutputChars)
            {
                throw new IOException($"it wrote more than {MaxOutputChars} characters");
            }

            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, new string(output, 0, length));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task AskAsync(StreamWriter input, string server, CancellationToken cancellationToken)
    {
        try
        {
            await using (input)
            {
                await input.WriteLineAsync(server.AsMemory(), cancellationToken);
            }
        }
        catch (IOException)
        {
            // It ended without reading; its exit code and output say why.
        }
    }

    private static Credential? Parse(string output)
    {
        using var document = JsonDocument.Parse(output);
        var username = document.RootElement.TryGetProperty("Username", out var u) ? u.ToString() : "";
        var secret = document.RootElement.TryGetProperty("Secret", out var s) ? s.ToString() : "";
        return (username, secret) switch
        {
            (_, "") => null,
            ("<token>", _) => new Credential("", "") { IdentityToken = secret },
            _ => new Credential(username, secret),
        };
    }

    private RegistryException Failure(string why) =>
        new($"The credential helper docker-credential-{name} failed: {why}", RegistryFault.Unauthorized)
        {
            Remedy = "Install it on the PATH and try 'docker-credential-<name> get', or configure the registry under Registries.",
        };
}
