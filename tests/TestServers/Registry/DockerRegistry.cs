using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Ebb.TestServers.Network;

namespace Ebb.TestServers.Registry;

/// <summary>Debian's docker-registry on a free loopback port, its storage in a folder of its own.</summary>
public sealed class DockerRegistry : IAsyncDisposable
{
    /// <summary>What to do when there is none.</summary>
    public const string Missing = "docker-registry is not on the PATH; './dev test' installs Debian's package and puts it there.";

    public const string Username = "ebb";
    public const string Password = "test-only";
    private const string PasswordHash = "$2y$05$EbbebbebbebbebbebbebbeS0P9e7zilaG3MvcUQ3W1zuyCuEkcZvm";
    private const int Starts = 5;
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private DockerRegistry(DirectoryInfo folder, Process process, string host)
    {
        _folder = folder;
        _process = process;
        Host = host;
    }

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "docker-registry")));

    /// <summary>Host and port, as in references.</summary>
    public string Host { get; }

    public Uri Uri => new($"http://{Host}/");

    /// <summary>Where the registry keeps its files.</summary>
    public string StorageFolder => Path.Combine(_folder.FullName, "data");

    public static AuthenticationHeaderValue BasicAuthorization { get; } =
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Username}:{Password}")));

    /// <summary>The same, or null where none is installed.</summary>
    public static async Task<DockerRegistry?> StartIfInstalledAsync(bool withLogin = false) => IsInstalled ? await StartAsync(withLogin) : null;

    /// <summary>Starts a registry and waits until it answers. With a login only <see cref="Username"/> may use it.</summary>
    public static async Task<DockerRegistry> StartAsync(bool withLogin = false)
    {
        for (var start = 1; ; start++)
        {
            var registry = await LaunchAsync(withLogin);
            if (await registry.IsReadyAsync())
            {
                return registry;
            }

            // Another process may have taken the port in between.
            await registry.DisposeAsync();
            if (start == Starts)
            {
                throw new InvalidOperationException("docker-registry does not start; is Debian's package docker-registry installed?");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<DockerRegistry> LaunchAsync(bool withLogin)
    {
        var directory = Directory.CreateTempSubdirectory("ebb-registry-");
        var host = $"127.0.0.1:{LoopbackPort.Next()}";
        var config = Path.Combine(directory.FullName, "config.yml");
        await File.WriteAllTextAsync(config, Configuration(directory.FullName, host, withLogin));
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "htpasswd"), $"{Username}:{PasswordHash}\n");
        var server = Process.Start(new ProcessStartInfo("docker-registry", ["serve", config])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        server.OutputDataReceived += static (_, _) => { };
        server.ErrorDataReceived += static (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        return new DockerRegistry(directory, server, host);
    }

    private static string Configuration(string _folder, string host, bool withLogin) =>
        $$"""
        version: 0.1
        log:
          level: error
          accesslog:
            disabled: true
        storage:
          filesystem:
            rootdirectory: {{_folder}}/data
          delete:
            enabled: true
        http:
          addr: {{host}}
          secret: only-for-tests
        {{(withLogin ? $"auth:\n  htpasswd:\n    realm: test\n    path: {_folder}/htpasswd" : "")}}
        """;

    private async Task<bool> IsReadyAsync()
    {
        using var http = new HttpClient();
        for (var i = 0; i < 600 && !_process.HasExited; i++)
        {
            try
            {
                using var response = await http.GetAsync(new Uri(Uri, "/v2/"));
                if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized)
                {
                    return !_process.HasExited;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }

        return false;
    }
}
