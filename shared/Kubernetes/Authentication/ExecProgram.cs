using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Ebb.Http;

namespace Ebb.Kubernetes.Authentication;

/// <summary>Runs a credential plugin: no shell, no terminal, bounded output, a time limit.</summary>
internal static class ExecProgram
{
    private const int MaxOutputBytes = 1024 * 1024;
    private const int MaxErrorBytes = 16 * 1024;

    /// <summary>What the program prints.</summary>
    /// <exception cref="KubernetesException">It cannot be started, fails, prints too much or takes too long.</exception>
    public static async Task<byte[]> RunAsync(ExecOptions exec, string info, string source, TimeProvider time, CancellationToken cancellationToken)
    {
        using var process = Start(exec, info, source);
        using var timer = new CancellationTokenSource(exec.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            process.StandardInput.Close();
            var output = ReadAsync(process.StandardOutput.BaseStream, MaxOutputBytes, either.Token);
            var errors = ReadAsync(process.StandardError.BaseStream, MaxErrorBytes, either.Token);
            await process.WaitForExitAsync(either.Token);
            var (printed, complaint) = (await output, await errors);
            return process.ExitCode == 0 && printed is not null
                ? printed
                : throw Failure(exec, source, printed is null ? $"printed more than {MaxOutputBytes} bytes" : $"ended with exit code {process.ExitCode}{Words(complaint)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(exec, source, $"did not end within {exec.Timeout.TotalSeconds:0.#} s");
        }
        finally
        {
            Kill(process);
        }
    }

    private static Process Start(ExecOptions exec, string info, string source)
    {
        var start = new ProcessStartInfo(exec.Command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in exec.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in exec.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = info;
        try
        {
            return Process.Start(start) ?? throw Failure(exec, source, "could not be started");
        }
        catch (Win32Exception exception)
        {
            throw Failure(exec, source, $"could not be started: {exception.Message}.{(exec.InstallHint is { } hint ? " " + Redaction.Text(hint) : " Install it, or correct the path")}", exception);
        }
    }

    // Reads on to the end, so that the program does not wait for a reader; null when it was too much.
    private static async Task<byte[]?> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[8 * 1024];
        var tooMuch = false;
        while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            tooMuch |= kept.Length + read > maxBytes;
            if (!tooMuch)
            {
                kept.Write(buffer, 0, read);
            }
        }

        return tooMuch ? null : kept.ToArray();
    }

    private static string Words(byte[]? complaint) =>
        complaint is { Length: > 0 } ? ": " + Redaction.Text(Encoding.UTF8.GetString(complaint)).Trim().TrimEnd('.') : "";

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static KubernetesException Failure(ExecOptions exec, string source, string problem, Exception? inner = null) =>
        new($"The credential plugin {exec.Command} of {source} {problem}.", KubernetesFault.Credential, inner);
}
