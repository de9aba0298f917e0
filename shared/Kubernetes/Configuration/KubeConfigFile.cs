using System.Text.Json.Nodes;

namespace Ebb.Kubernetes.Configuration;

/// <summary>One kubeconfig file.</summary>
internal sealed class KubeConfigFile
{
    private const int MaxFileBytes = 4 * 1024 * 1024;
    private readonly JsonObject _content;

    private KubeConfigFile(string path, JsonObject content) => (Path, _content) = (path, content);

    public string Path { get; }

    public string? CurrentContext => _content.Text("current-context") is { Length: > 0 } name ? name : null;

    /// <summary>Reads a file; null when there is none, as kubectl does with a list of files.</summary>
    /// <exception cref="KubernetesException">It is there and cannot be read.</exception>
    public static KubeConfigFile? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return new FileInfo(path).Length <= MaxFileBytes
                ? new KubeConfigFile(path, YamlReading.Parse(File.ReadAllText(path)))
                : throw new InvalidDataException($"it has more than {MaxFileBytes} bytes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new KubernetesException($"The kubeconfig {path} cannot be read: {exception.Message.TrimEnd('.')}.", KubernetesFault.Credential, exception);
        }
    }

    /// <summary>The content of a named entry: <c>clusters: [{name: x, cluster: {…}}]</c>.</summary>
    public JsonObject? Find(string list, string member, string name) =>
        _content.Items(list).OfType<JsonObject>().FirstOrDefault(entry => entry.Text("name") == name)?.Child(member);

    /// <summary>A path as it stands in the file.</summary>
    public string Locate(string path) => System.IO.Path.GetFullPath(path, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
}
