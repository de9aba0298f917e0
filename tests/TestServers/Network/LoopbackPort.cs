using System.Net;
using System.Net.Sockets;

namespace Ebb.TestServers.Network;

/// <summary>
/// Ports for servers that must be told theirs, or come back on it: kept for this process until it ends, also while nothing listens there.
/// </summary>
/// <remarks>
/// Below 32768, where Linux takes ports for outgoing connections and for servers that leave the choice to it (ip(7), <c>ip_local_port_range</c>):
/// a port from there is somebody else's as soon as its server is down for a moment.
/// </remarks>
public static class LoopbackPort
{
    private const int First = 15_000;
    private const int End = 32_000;

    private static readonly DirectoryInfo Reservations = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "ebb-test-ports"));
    private static readonly List<FileStream> Reserved = [];

    /// <summary>A port nobody listens on, and no other test will.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = Random.Shared.Next(First, End);
            if (TryReserve(port) && IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {First} to {End - 1} of 127.0.0.1 is free.");
    }

    // The lock on the file ends with the process, however that ends.
    private static bool TryReserve(int port)
    {
        try
        {
            var file = new FileStream(Path.Combine(Reservations.FullName, $"{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            lock (Reserved)
            {
                Reserved.Add(file);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
