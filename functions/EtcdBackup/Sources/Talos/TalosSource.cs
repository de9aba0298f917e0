using System.Security.Cryptography;
using Ebb.EtcdBackup.Configuration;
using Ebb.Grpc;
using Ebb.OpenSsl;

namespace Ebb.EtcdBackup.Sources.Talos;

/// <summary>Snapshots through the Talos API, with the certificate of a talosconfig.</summary>
internal sealed class TalosSource(TalosOptions options, TimeProvider time) : ISnapshotSource
{
    // Talos v1.9, pkg/machinery/constants, ApidPort.
    private const int ApiPort = 50000;

    public string Kind => "talos";

    public async Task<IReadOnlyList<SnapshotMember>> OpenAsync(CancellationToken cancellationToken)
    {
        var yaml = await CredentialFile.ReadAsync("TalosConfig", options.ConfigFile, cancellationToken);
        var context = TalosConfig.Find(yaml, options.ConfigFile, options.Context);
        try
        {
            var nodes = options.Nodes.Count > 0 ? options.Nodes : context.Nodes;
            return nodes.Count == 0
                ? [.. context.Endpoints.Select(endpoint => new TalosMember(endpoint, null, Open(endpoint, context)))]
                // Each node through another endpoint where there are several, so that one that is down does not hide them all.
                : [.. nodes.Select((node, i) => OpenNode(node, context.Endpoints[i % context.Endpoints.Count], context))];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(context.Key);
            CryptographicOperations.ZeroMemory(yaml);
        }
    }

    private TalosMember OpenNode(string node, string endpoint, TalosContext context) => new(endpoint, node, Open(endpoint, context));

    private GrpcChannel Open(string endpoint, TalosContext context)
    {
        var (host, port) = HostAndPort(endpoint);
        var credentials = new TlsClientOptions { Authorities = context.Authorities, Certificates = context.Certificate, Key = context.Key, Time = time };
        return TlsChannel.Open(host, port, credentials, $"The context '{context.Name}' of {options.ConfigFile}", time);
    }

    private (string Host, int Port) HostAndPort(string endpoint)
    {
        if (Uri.TryCreate($"tcp://{(IsBareIpv6(endpoint) ? $"[{endpoint}]" : endpoint)}", UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri.PathAndQuery is "" or "/")
        {
            return (uri.IdnHost, uri.Port > 0 ? uri.Port : ApiPort);
        }

        throw new SnapshotException(SnapshotFailure.ConfigurationFile, $"The talosconfig {options.ConfigFile} names the endpoint '{Shown.Line(endpoint)}', which is no address.");
    }

    private static bool IsBareIpv6(string endpoint) => endpoint.Count(character => character == ':') > 1 && !endpoint.StartsWith('[');
}
