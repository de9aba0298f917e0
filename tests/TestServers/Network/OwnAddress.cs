using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Ebb.TestServers.Network;

/// <summary>An address of this machine that is not loopback's, which never goes through a proxy.</summary>
public static class OwnAddress
{
    /// <summary>The reason to skip a test where there is none.</summary>
    public const string Missing = "This machine has no IPv4 address but loopback's, and those never go through a proxy.";

    /// <summary>The first; null: there is none.</summary>
    public static IPAddress? Find() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
}
