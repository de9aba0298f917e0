using System.Text.Json.Nodes;
using Ebb.EndToEnd.Tests.Processes;
using Ebb.EndToEnd.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.EndToEnd.Tests;

/// <summary>What one test needs: a directory with keys and settings, and images of its own under a name of its own.</summary>
internal sealed class Workspace : IDisposable
{
    public const string FunctionKey = "only-for-tests-function-key";
    public const string MasterKey = "only-for-tests-master-key";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ebb-end-to-end-");
    private readonly Registries _registries;
    private readonly string _project = "t" + Guid.NewGuid().ToString("N")[..8];

    private Workspace(Registries registries) => _registries = registries;

    public string Folder => _directory.FullName;

    /// <summary>The images at the source, by repository name.</summary>
    public IReadOnlyDictionary<string, TestImage> Images { get; private set; } = new Dictionary<string, TestImage>(StringComparer.Ordinal);

    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    private string TargetPath => $"{_registries.Target.Host}/{_project}";

    /// <summary>Pushes images to the source, makes a key pair with <c>ebb</c> and writes the list.</summary>
    /// <param name="sourceHost">What the list names as the source; null: the source registry itself.</param>
    public static async Task<Workspace> CreateAsync(Registries registries, IReadOnlyDictionary<string, TestImage> images, string? sourceHost = null)
    {
        var workspace = new Workspace(registries) { Images = images };
        foreach (var (name, image) in images)
        {
            await TestImages.PushAsync(registries.Source.Uri, $"{workspace._project}/{name}", image, ["1.0"]);
        }

        await workspace.WriteFilesAsync(sourceHost ?? registries.Source.Host);
        return workspace;
    }

    /// <summary>Every digest that must carry a signature, as references cosign takes.</summary>
    public IEnumerable<string> TargetReferences => Images.SelectMany(image =>
        image.Value.Manifests.Select(manifest => $"{TargetPath}/{image.Key}@{manifest.Digest}").Prepend($"{TargetPath}/{image.Key}:1.0"));

    public Task<HostProcess> StartAsync(string executable) => HostProcess.StartAsync(executable, Folder, Settings);

    /// <summary>What cosign says about a reference with this workspace's public key.</summary>
    public Task<ToolResult> CosignVerifyAsync(string reference) => ToolResult.RunAsync(
        Peers.Cosign,
        ["verify", "--key", Path.Combine(Folder, "cosign.pub"), "--insecure-ignore-tlog", reference],
        new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_CONFIG"] = Folder });

    /// <summary>cosign accepts every index and every manifest below it.</summary>
    public async Task CosignAcceptsEverythingAsync()
    {
        foreach (var reference in TargetReferences)
        {
            var verdict = await CosignVerifyAsync(reference);
            verdict.ExitCode.ShouldBe(0, $"{reference}: {verdict.Errors}");
        }
    }

    /// <summary>The tags at the target that people see.</summary>
    public async Task<IReadOnlyList<string>> TargetTagsAsync(string name)
    {
        using var client = new HttpClient { BaseAddress = _registries.Target.Uri };
        client.DefaultRequestHeaders.Authorization = DockerRegistry.BasicAuthorization;
        using var answer = await client.GetAsync($"/v2/{_project}/{name}/tags/list");
        var tags = JsonNode.Parse(await answer.Content.ReadAsStringAsync())?["tags"]?.AsArray() ?? [];
        return [.. tags.Select(tag => tag!.GetValue<string>()).Where(tag => !tag.StartsWith("sha256-", StringComparison.Ordinal))];
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task WriteFilesAsync(string sourceHost)
    {
        var keys = _directory.CreateSubdirectory("function-keys").FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "host.function.pipeline"), FunctionKey);
        await File.WriteAllTextAsync(Path.Combine(keys, "host.master"), MasterKey);
        await File.WriteAllTextAsync(Path.Combine(Folder, "registry-password"), DockerRegistry.Password);
        await File.WriteAllTextAsync(Path.Combine(Folder, "signing-password"), "only for tests");
        await File.WriteAllTextAsync(Path.Combine(Folder, "config.json"),
            $$"""{"auths":{"{{_registries.Target.Host}}":{"auth":"{{DockerRegistry.BasicAuthorization.Parameter}}"} } }""");
        await File.WriteAllTextAsync(Path.Combine(Folder, "images.yaml"), $"target: {TargetPath}\nimages:\n" + string.Concat(
            Images.Keys.Select(name => $"  - source: {sourceHost}/{_project}/{name}\n    tags: [\"1.0\"]\n")));
        Settings["Storage"] = $"sqlite:{Path.Combine(Folder, "storage")}/ebb.db";
        Settings["ImageMirror__ImagesFile"] = Path.Combine(Folder, "images.yaml");
        Settings["Signing__Key"] = Path.Combine(Folder, "cosign.key");
        Settings["Signing__PasswordFile"] = Path.Combine(Folder, "signing-password");
        Settings["FunctionKeys__Directory"] = keys;
        Settings["Registries__0__Host"] = _registries.Target.Host;
        Settings["Registries__0__Username"] = DockerRegistry.Username;
        Settings["Registries__0__PasswordFile"] = Path.Combine(Folder, "registry-password");

        string[] generateKey =
        [
            "signing", "generate-key",
            "--output-key-prefix", Path.Combine(Folder, "cosign"),
            "--password-file", Settings["Signing__PasswordFile"],
        ];
        var made = await ToolResult.RunAsync(Peers.Ebb, generateKey, new Dictionary<string, string>(StringComparer.Ordinal));
        made.ExitCode.ShouldBe(0, made.Errors);
    }
}
