using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Ebb.ImageMirror.Tests.Processes;

/// <summary>The built executable, run as people run it. <c>EBB_IMAGE_MIRROR</c> names another build of it, such as the native one.</summary>
internal sealed class MirrorProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private MirrorProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Error => Read(_error);

    public static string Executable => Environment.GetEnvironmentVariable("EBB_IMAGE_MIRROR") is { Length: > 0 } path
        ? path
        : Path.Combine(AppContext.BaseDirectory, "Ebb.ImageMirror");

    /// <summary>Starts <c>run &lt;function&gt;</c> in a folder, with these settings.</summary>
    public static MirrorProcess Start(
        string folder, string function, string? input, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string>? environment = null)
    {
        List<string> arguments = ["run", function];
        if (input is not null)
        {
            arguments.AddRange(["--input", input]);
        }

        arguments.AddRange(settings.Select(setting => $"--{setting.Key}={setting.Value}"));
        var start = new ProcessStartInfo(Executable, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath) is { } beside && File.Exists(Path.Combine(beside, "dotnet"))
            ? beside
            : Environment.GetEnvironmentVariable("DOTNET_ROOT");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new MirrorProcess(Process.Start(start)!);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself first.
        }
    }

    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>The run's record, from standard output.</summary>
    public JsonDocument Run()
    {
        try
        {
            return JsonDocument.Parse(Read(_output));
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"No run on standard output: '{Read(_output)}'; standard error: {Error}", e);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
