using System.Diagnostics;
using System.Globalization;

namespace Ebb.Grpc.Tests.Foreign;

/// <summary>A server of grpcio (Debian's python3-grpcio) in a process of its own.</summary>
public sealed class ForeignServer : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";

    private Process? _process;

    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Foreign", "server.py")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (!File.Exists(Python))
        {
            Missing = $"{Python} is missing";
            return;
        }

        _process = Process.Start(start)!;
        var errors = _process.StandardError.ReadToEndAsync();
        var port = await _process.StandardOutput.ReadLineAsync();
        if (port is null)
        {
            Missing = $"python3-grpcio does not start: {await errors}";
            return;
        }

        Address = new($"http://127.0.0.1:{int.Parse(port, CultureInfo.InvariantCulture)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Skips the test when there is no such server here, unless peers are required.</summary>
    public void Require()
    {
        if (Missing is { } reason)
        {
            (Environment.GetEnvironmentVariable("EBB_REQUIRE_PEERS") == "1").ShouldBeFalse(reason);
            Assert.Skip($"{reason}; apt-get install python3-grpcio");
        }
    }
}
