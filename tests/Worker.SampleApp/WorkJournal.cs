using System.Diagnostics;
using System.Text;
using Ebb.Storage;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.SampleApp;

/// <summary>
/// Writes down when counted work starts and ends, in a file of this process in the folder <c>Sample:Journal</c>: each
/// line is one write, so that SIGKILL loses none, and its time is the machine's monotonic clock, so that the lines of
/// several processes can be put in order.
/// </summary>
public sealed class WorkJournal(IConfiguration configuration) : IDisposable
{
    private readonly Lock _gate = new();
    private FileStream? _file;

    public void Note(string step, RunId run, string key, int number)
    {
        if (configuration["Sample:Journal"] is not { Length: > 0 } folder)
            return;
        lock (_gate)
        {
            _file ??= new FileStream(Path.Combine(folder, $"{Environment.ProcessId}.journal"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            _file.Write(Encoding.UTF8.GetBytes($"{Stopwatch.GetTimestamp()} {step} {run} {key} {number}\n"));
        }
    }

    public void Dispose() => _file?.Dispose();
}
