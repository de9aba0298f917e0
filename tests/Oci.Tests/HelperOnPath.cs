using System.Runtime.Versioning;

namespace Ebb.Oci.Tests;

/// <summary>A credential helper: a shell script in a folder of its own that is on the PATH while it lives.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class HelperOnPath : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-helper-");
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public HelperOnPath(string script)
    {
        var file = Path.Combine(_folder.FullName, $"docker-credential-{Name}");
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{_path}:{_folder.FullName}");
    }

    public string Name { get; } = $"ebb-{Guid.NewGuid():n}";

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Delete(recursive: true);
    }
}
