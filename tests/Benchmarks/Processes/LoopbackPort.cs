using System.Net;
using System.Net.Sockets;

namespace Ebb.Benchmarks.Processes;

/// <summary>A port nothing listens on at the moment.</summary>
internal static class LoopbackPort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
