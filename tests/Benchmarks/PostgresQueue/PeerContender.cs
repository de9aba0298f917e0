using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ebb.Benchmarks.Processes;

namespace Ebb.Benchmarks.PostgresQueue;

/// <summary>A peer in a process of Node.js.</summary>
internal sealed class PeerContender : IQueueContender
{
    private readonly Process _process;

    private PeerContender(string name, Process process) => (Name, _process) = (name, process);

    public string Name { get; }

    public static async Task<PeerContender> StartAsync(string name, Command command)
    {
        var start = new ProcessStartInfo(command.File, command.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (key, value) in command.Environment)
        {
            start.Environment[key] = value;
        }

        var contender = new PeerContender(name, Process.Start(start)!);
        await contender.AnswerAsync();
        return contender;
    }

    public async Task<double> HandleAsync(int count) =>
        (await AskAsync($"handle {count}")).GetProperty("seconds").GetDouble();

    public async Task<double> DrainAsync(int count) =>
        (await AskAsync($"drain {count}")).GetProperty("seconds").GetDouble();

    public async Task<double[]> EnqueueAsync(int perSecond, int seconds) =>
        [.. (await AskAsync($"enqueue {perSecond} {seconds}")).GetProperty("milliseconds").EnumerateArray().Select(one => one.GetDouble())];

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task<JsonElement> AskAsync(FormattableString command)
    {
        await _process.StandardInput.WriteLineAsync(command.ToString(CultureInfo.InvariantCulture));
        await _process.StandardInput.FlushAsync();
        return await AnswerAsync();
    }

    private async Task<JsonElement> AnswerAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"The driver of {Name} ended; its reason is above.");
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.Clone();
    }
}
