using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ebb.Benchmarks.Processes;

/// <summary>Waits for a process to answer.</summary>
internal static class Answers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks as often as possible until <paramref name="url"/> answers 200.</summary>
    public static async Task WaitAsync(string url, Process process)
    {
        var address = new Uri(url);
        var since = Stopwatch.GetTimestamp();
        using var client = new HttpClient();
        while (Stopwatch.GetElapsedTime(since) < Patience && !process.HasExited)
        {
            if (await ListensAsync(address.Port) && await AnswersAsync(client, address))
            {
                return;
            }

            await Task.Delay(1);
        }

        throw new InvalidOperationException($"{process.StartInfo.FileName} did not answer at {url}");
    }

    // A refused connection costs far less than a request that fails.
    private static async Task<bool> ListensAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri address)
    {
        try
        {
            using var answer = await client.GetAsync(address);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
