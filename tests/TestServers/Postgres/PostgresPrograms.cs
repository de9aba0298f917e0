using System.Diagnostics;

namespace Ebb.TestServers.Postgres;

/// <summary>Where PostgreSQL's programs are and how they are run: never as root, which the server refuses.</summary>
internal static class PostgresPrograms
{
    /// <summary>The folder with initdb, postgres and pg_isready; null when there is none.</summary>
    public static string? Folder { get; } = Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));

    public static ProcessStartInfo Command(string program, params ReadOnlySpan<string> arguments)
    {
        var path = Path.Combine(Folder ?? throw new InvalidOperationException(PostgresServer.Missing), program);
        var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        if (Environment.IsPrivilegedProcess)
        {
            start.FileName = "setpriv";
            foreach (var argument in new[] { "--reuid=postgres", "--regid=postgres", "--init-groups", path })
                start.ArgumentList.Add(argument);
        }
        else
        {
            start.FileName = path;
        }
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>Runs a program to its end; its output when it failed.</summary>
    public static async Task<string?> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : await output + await errors;
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("EBB_POSTGRES_BIN") is { Length: > 0 } named)
            yield return named;
        const string Debian = "/usr/lib/postgresql";
        if (Directory.Exists(Debian))
        {
            foreach (var version in Directory.GetDirectories(Debian).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var number) ? number : 0))
                yield return Path.Combine(version, "bin");
        }
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
    }
}
