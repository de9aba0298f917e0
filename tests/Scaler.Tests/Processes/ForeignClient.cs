using System.Diagnostics;
using System.Text.Json;

namespace Ebb.Scaler.Tests.Processes;

/// <summary>A client of KEDA's contract that is not ours: Debian's python3-grpcio with messages made at run time.</summary>
internal sealed class ForeignClient : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private ForeignClient(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    public static ForeignClient Start(int port, string command, params IEnumerable<string> arguments)
    {
        Peer.Require(File.Exists(Python), $"{Python} is missing; apt-get install python3-grpcio python3-protobuf");
        var start = new ProcessStartInfo(Python) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "Foreign", "externalscaler.py"), $"127.0.0.1:{port}", command }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Runs a command that says one thing.</summary>
    public static async Task<JsonElement> RunAsync(int port, string command, params IEnumerable<string> arguments)
    {
        await using var client = Start(port, command, arguments);
        return await client.NextAsync();
    }

    public static IEnumerable<string> Metadata(params IEnumerable<string> pairs) => pairs.SelectMany(pair => new[] { "--meta", pair });

    /// <summary>What it says next.</summary>
    public async Task<JsonElement> NextAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (line is null)
        {
            var errors = await _errors.WaitAsync(Patience);
            Peer.Require(!errors.Contains("ModuleNotFoundError", StringComparison.Ordinal), $"python3-grpcio is not installed; apt-get install python3-grpcio python3-protobuf ({errors})");
            throw new InvalidOperationException($"The client ended and said nothing more. {errors}");
        }

        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
