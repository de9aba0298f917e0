using System.Text;
using System.Text.Json.Nodes;

namespace Ebb.Kubernetes.Configuration;

/// <summary>
/// Reads kubeconfig files (Kubernetes, Organizing Cluster Access Using kubeconfig Files): several files are merged, the first
/// that names something wins, and relative paths count from the file they stand in.
/// </summary>
internal sealed class KubeConfig
{
    private readonly List<KubeConfigFile> _files;
    private readonly string _places;

    private KubeConfig(string places)
    {
        _places = places;
        _files = [.. places.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(KubeConfigFile.TryRead).OfType<KubeConfigFile>()];
    }

    /// <summary>Reads a context.</summary>
    /// <param name="places">One or more files, separated as in PATH.</param>
    /// <param name="context">The context; null: the current one.</param>
    /// <param name="insecure">Whether a cluster may be reached without checking its certificate.</param>
    /// <exception cref="KubernetesException">A file cannot be read, or does not hold what is asked for.</exception>
    public static KubernetesOptions Read(string places, string? context, bool insecure) => new KubeConfig(places).Options(context, insecure);

    private KubernetesOptions Options(string? wanted, bool insecure)
    {
        if (_files.Count == 0)
        {
            throw Problem("does not exist");
        }

        var name = wanted ?? _files.Select(file => file.CurrentContext).FirstOrDefault(current => current is not null)
            ?? throw Problem("names no current-context; set Kubernetes:Context");
        var (file, context) = Find("contexts", "context", name);
        var source = $"the context {name} of {file.Path}";
        var (clusterFile, cluster) = Find("clusters", "cluster", context.Text("cluster") ?? throw Problem($"has no cluster in the context '{name}'"));
        var options = KubeConfigCluster.Read(clusterFile, cluster, source, insecure);
        return options with
        {
            Namespace = context.Text("namespace") is { Length: > 0 } ns ? ns : options.Namespace,
            Credential = context.Text("user") is { Length: > 0 } user ? ReadUser(user, source) : null,
        };
    }

    private CredentialOptions ReadUser(string name, string source)
    {
        var (file, user) = Find("users", "user", name);
        return KubeConfigUser.Read(file, user, source);
    }

    private (KubeConfigFile File, JsonObject Content) Find(string list, string member, string name)
    {
        foreach (var file in _files)
        {
            if (file.Find(list, member, name) is { } found)
            {
                return (file, found);
            }
        }

        throw Problem($"has no {member} '{name}'");
    }

    private KubernetesException Problem(string problem) => new($"The kubeconfig {_places} {problem}.", KubernetesFault.Credential);
}

/// <summary>What kubeconfig files hold.</summary>
internal static class KubeConfigValues
{
    /// <summary>A member with base64 of text.</summary>
    public static string? Decoded(this JsonObject json, string name, string source)
    {
        if (json.Text(name) is not { Length: > 0 } text)
        {
            return null;
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw new KubernetesException($"{name} in {source} is not base64.", KubernetesFault.Credential);
    }
}
