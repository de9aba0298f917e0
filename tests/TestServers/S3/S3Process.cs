using System.Diagnostics;

namespace Ebb.TestServers.S3;

/// <summary>An S3 server that is not ours, in a process and with a folder of its own, on a free loopback port.</summary>
public abstract class S3Process : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly Queue<string> _output = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private protected S3Process(DirectoryInfo folder, string program, IEnumerable<string> arguments)
    {
        _folder = folder;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _port.TrySetException(new InvalidOperationException($"{program} ended: {string.Join('\n', _output)}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public abstract S3Login Login { get; }

    protected int Port { get; private set; }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected async Task WaitAsync()
    {
        try
        {
            Port = await _port.Task.WaitAsync(StartTime);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    // The line that says where it listens ends with the port: "S3rver listening on 127.0.0.1:4568", "listening 8080".
    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Enqueue(line);
            if (_output.Count > 50)
                _output.Dequeue();
        }

        if (line.Contains("listening", StringComparison.Ordinal) && int.TryParse(line[(line.LastIndexOfAny([' ', ':']) + 1)..], out var port))
        {
            _port.TrySetResult(port);
        }
    }
}
