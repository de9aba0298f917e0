using System.Diagnostics;
using System.Text;
using Ebb.Worker.Tests.Hosting;

namespace Ebb.Worker.Tests.Commands;

/// <summary>The sample app as a process of its own.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SampleProcess(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _error = process.StandardError.ReadToEndAsync();
    }

    public static SampleProcess Start(TemporaryDirectory directory, params string[] args) => Start(directory, [], args);

    public static SampleProcess Start(TemporaryDirectory directory, (string Name, string Value)[] variables, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = directory.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Ebb.Worker.SampleApp.dll"));
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        start.ArgumentList.Add($"--Storage=sqlite:{directory.File("store")}/ebb.db");
        start.ArgumentList.Add($"--FunctionKeys:Directory={directory.File("keys")}");
        return new SampleProcess(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(TemporaryDirectory directory, params string[] args)
    {
        await using var process = Start(directory, args);
        return await process.EndAsync();
    }

    /// <summary>Where it listens, once it says so.</summary>
    public Task<Uri> AddressAsync() => _address.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public void Kill() => _process.Kill();

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async Task<(int Code, string Output, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (_process.ExitCode, await _output, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<string> ReadAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            text.AppendLine(line);
            if (line.Contains("\"EventId\":210", StringComparison.Ordinal))
            {
                var address = System.Text.Json.Nodes.JsonNode.Parse(line)!["State"]!["Addresses"]!.GetValue<string>();
                _address.TrySetResult(new Uri(address));
            }
        }

        _address.TrySetException(new InvalidOperationException($"It ended without listening: {text}"));
        return text.ToString();
    }
}
