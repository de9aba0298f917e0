using System.Diagnostics;
using System.Globalization;

namespace Ebb.Benchmarks.Processes;

/// <summary>Runs a command to its end under GNU time.</summary>
internal static class MeasuredProcess
{
    /// <exception cref="InvalidOperationException">The command failed; the message holds the end of its output.</exception>
    public static async Task<Measurement> RunAsync(Command command)
    {
        var figures = Path.Combine(Settings.Scratch, $"time.{Guid.NewGuid():N}");
        var start = new ProcessStartInfo("/usr/bin/time")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in new[] { "-q", "-o", figures, "-f", "%e %U %S %M", command.File }.Concat(command.Arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var said = await output + await errors;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command.File} ended with {process.ExitCode}: {said[Math.Max(0, said.Length - 4000)..]}");
        }

        var figure = (await File.ReadAllTextAsync(figures)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new Measurement(figure[0], figure[1] + figure[2], figure[3] / 1024);
    }
}

/// <summary>A command line and what it needs in its environment.</summary>
internal sealed record Command(string File, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
