namespace Ebb.OpenSsl.Tests.Servers;

/// <summary>Programs that play the other side.</summary>
internal static class Peers
{
    public static string OpenSsl => Peer.Program("openssl", "EBB_OPENSSL");

    public static string Nginx => Peer.Program("nginx", "EBB_NGINX");
}
