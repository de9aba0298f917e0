using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebb.Manifests.Settings;

/// <summary>
/// Somewhere that connections go to: <c>10.1.0.0/16:443</c>, or <c>vault/vault:8200</c> for the pods with that
/// <c>app.kubernetes.io/name</c> in that namespace.
/// </summary>
internal sealed partial record EgressPeer
{
    // Addresses of the cloud's and the node's own metadata services: nothing here has business with them.
    private const string LinkLocal = "169.254.0.0/16";

    public const string Form = "<network>/<bits>:<port> or <namespace>/<app.kubernetes.io/name>:<port>, such as 10.1.0.0/16:443 or vault/vault:8200";

    public IPNetwork? Network { get; private init; }

    public string? Namespace { get; private init; }

    public string? Name { get; private init; }

    public required int Port { get; init; }

    /// <summary>The rule that allows it.</summary>
    public JsonObject ToRule() => new()
    {
        ["to"] = new JsonArray(Network is { } network ? Block(network) : Pods()),
        ["ports"] = new JsonArray(new JsonObject { ["protocol"] = "TCP", ["port"] = Port }),
    };

    public static bool TryParse(string text, [NotNullWhen(true)] out EgressPeer? peer)
    {
        peer = Parse(text);
        return peer is not null;
    }

    private static EgressPeer? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            return null;
        }

        var place = text[..colon];
        if (IPNetwork.TryParse(place, out var network))
        {
            return new EgressPeer { Network = network, Port = port };
        }

        return Pod().Match(place) is { Success: true } pod
            ? new EgressPeer { Namespace = pod.Groups["namespace"].Value, Name = pod.Groups["name"].Value, Port = port }
            : null;
    }

    private static JsonObject Block(IPNetwork network) => new()
    {
        ["ipBlock"] = new JsonObject
        {
            ["cidr"] = network.ToString(),
            ["except"] = network.PrefixLength == 0 && network.BaseAddress.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork
                ? new JsonArray(LinkLocal)
                : null,
        },
    };

    private JsonObject Pods() => new()
    {
        ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = Namespace } },
        ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app.kubernetes.io/name"] = Name } },
    };

    // Names of the cluster begin with a letter here, so that a mistyped network is not taken for one.
    [GeneratedRegex(@"\A(?<namespace>[a-z][a-z0-9-]{0,62})/(?<name>[a-z][a-z0-9.-]{0,62})\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pod();
}
