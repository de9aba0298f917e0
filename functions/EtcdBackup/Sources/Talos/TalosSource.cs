using System.Security.Cryptography;
using Ebb.EtcdBackup.Configuration;
using Ebb.OpenSsl;
using Grpc.Net.Client;

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
            var (nodes, endpoints) = (options.Nodes.Count > 0 ? options.Nodes : context.Nodes, context.Endpoints);
            return nodes.Count == 0
                ? [.. endpoints.Select(endpoint => new TalosMember(endpoint, null, Open(endpoint, context)))]
                // Each through another where there are several, and every endpoint: one that is down must not hide all nodes.
                : [.. Enumerable.Range(0, Math.Max(nodes.Count, endpoints.Count)).Select(i => OpenNode(nodes[i % nodes.Count], endpoints[i % endpoints.Count], context))];
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
        return MemberChannel.Open(host, port, credentials, $"The context '{context.Name}' of {options.ConfigFile}");
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
