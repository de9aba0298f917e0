using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Ebb.EtcdBackup.Bolt.Keyspace;

namespace Ebb.EtcdBackup.Drills;

/// <summary>
/// Has etcdutl restore the snapshot into a directory that is removed afterwards. Only this writes the database in the clear, and only where it
/// was asked for.
/// </summary>
internal sealed class DrillRestoration(string directory, string program)
{
    private const int MaxOutputChars = 64 * 1024;

    /// <exception cref="SnapshotException">etcdutl cannot be started.</exception>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    public async Task RunAsync(EncryptedSpool spool, DatabaseContents contents, DrillChecks checks, CancellationToken cancellationToken)
    {
        using var folder = RestoreFolder.Create(directory);
        var file = Path.Combine(folder.Path, "snapshot.db");
        await using (var plain = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous }))
        {
            await spool.CopyToAsync(plain, cancellationToken);
        }

        var (code, output) = await RunAsync(["snapshot", "status", file, "--write-out", "json"], cancellationToken);
        if (code != 0 || ReadHash(output) is not { } hash)
        {
            checks.Fail("restore", $"etcdutl refuses it: {Shown.Line(output)}");
            return;
        }

        if (hash != contents.Status.Hash)
        {
            checks.Fail("restore", $"etcdutl computes the hash {hash:x8}, and it is {contents.Status.Hash:x8} here: one of the two read something else");
            return;
        }

        (code, output) = await RunAsync(["snapshot", "restore", file, "--data-dir", Path.Combine(folder.Path, "data")], cancellationToken);
        if (code == 0)
        {
            checks.Pass("restore", $"etcdutl restored it; its hash is {hash:x8}");
        }
        else
        {
            checks.Fail("restore", $"etcdutl could not restore it: {Shown.Line(output)}");
        }
    }

    private static uint? ReadHash(string output)
    {
        try
        {
            using var status = JsonDocument.Parse(output);
            return status.RootElement.GetProperty("hash").GetUInt32();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private async Task<(int Code, string Output)> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Start(arguments);
        try
        {
            var errors = ReadAsync(process.StandardError, cancellationToken);
            var output = await ReadAsync(process.StandardOutput, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, process.ExitCode == 0 ? output : await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        }
        catch (Win32Exception e)
        {
            throw new SnapshotException(
                SnapshotFailure.ConfigurationFile,
                $"etcdutl cannot be started as '{program}': {e.Message.TrimEnd('.')}. Install it and name it in EtcdBackup:EtcdutlPath, or leave EtcdBackup:DrillRestoreDirectory out.", e);
        }
    }

    // To the end, so that the program is never held up; the end of it says why.
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = "";
        var buffer = new char[4096];
        for (int read; (read = await reader.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            text += new string(buffer, 0, read);
            text = text[Math.Max(0, text.Length - MaxOutputChars)..];
        }

        return text.Trim();
    }
}
