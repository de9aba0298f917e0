using System.Text;
using YamlDotNet.Core;

namespace Ebb.EtcdBackup.Sources.Talos;

/// <summary>
/// Reads a talosconfig (Talos v1.9, pkg/machinery/client/config): <c>context</c>, and under <c>contexts</c> for each <c>endpoints</c>, <c>nodes</c>,
/// and <c>ca</c>, <c>crt</c> and <c>key</c> as base64 of PEM. No value of it is ever part of a message.
/// </summary>
internal sealed class TalosConfig
{
    private readonly Dictionary<string, YamlMap> _contexts = [];
    private readonly string _path;
    private readonly string? _chosen;

    private TalosConfig(string yaml, string path)
    {
        _path = path;
        var root = Read(yaml);
        _chosen = root.Text("context");
        foreach (var (name, value) in root.Map("contexts")?.Entries ?? [])
        {
            if (value is YamlMap context)
            {
                _contexts[name] = context;
            }
        }
    }

    /// <summary>Finds a context: the named one, or else the one that the file chooses.</summary>
    /// <exception cref="SnapshotException">The file is none, or has no such context, or one that cannot be used; every problem is named.</exception>
    public static TalosContext Find(ReadOnlySpan<byte> yaml, string path, string? name) =>
        new TalosConfig(Encoding.UTF8.GetString(yaml), path).Find(name);

    private TalosContext Find(string? asked)
    {
        var name = asked ?? _chosen;
        if (string.IsNullOrEmpty(name) || !_contexts.TryGetValue(name, out var context))
        {
            var there = _contexts.Count == 0 ? "it has none" : $"it has {string.Join(", ", _contexts.Keys.Order().Select(Shown.Line))}";
            throw Unusable(string.IsNullOrEmpty(name)
                ? $"it chooses no context, and {there}. Set EtcdBackup:TalosContext."
                : $"there is no context '{Shown.Line(name)}'; {there}. Correct EtcdBackup:TalosContext, or the file.");
        }

        var problems = new List<string>();
        var read = new TalosContext
        {
            Name = name,
            Endpoints = context.List("endpoints"),
            Nodes = context.List("nodes"),
            Authorities = Decode(context, "ca", problems),
            Certificate = Decode(context, "crt", problems),
            Key = Decode(context, "key", problems),
        };
        if (read.Endpoints.Count == 0)
        {
            problems.Add("endpoints names no control plane");
        }

        return problems.Count == 0 ? read : throw Unusable($"its context '{Shown.Line(name)}' is not complete: {string.Join("; ", problems)}.");
    }

    private static byte[] Decode(YamlMap context, string key, List<string> problems)
    {
        var text = context.Text(key) ?? "";
        var pem = new byte[text.Length];
        if (text.Length == 0)
        {
            problems.Add($"{key} is missing");
        }
        else if (!Convert.TryFromBase64String(text, pem, out var length))
        {
            problems.Add($"{key} is not base64");
        }
        else if (pem.AsSpan(0, length).IndexOf("-----BEGIN "u8) < 0)
        {
            problems.Add($"{key} is base64 of something that is no PEM");
        }
        else
        {
            return pem[..length];
        }

        return [];
    }

    private YamlMap Read(string yaml)
    {
        try
        {
            return YamlMap.Read(yaml) ?? throw Unusable("it is no YAML mapping with the keys context and contexts.");
        }
        catch (YamlException e)
        {
            // The parser's own words may quote the file.
            throw Unusable($"line {e.Start.Line} is no valid YAML.");
        }
    }

    private SnapshotException Unusable(string why) => new(SnapshotFailure.ConfigurationFile, $"The talosconfig {_path} cannot be used: {why}");
}
