namespace Ebb.Oci.Tests;

/// <summary>A credential helper, a shell script in a folder put on the PATH, under a name of its own.</summary>
internal sealed class HelperOnPath : IDisposable
{
    private static readonly DirectoryInfo Folder = CreateFolder();
    private readonly string path;

    public HelperOnPath(string script)
    {
        path = Path.Combine(Folder.FullName, $"docker-credential-{Name}");
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Name { get; } = $"ebb-{Guid.NewGuid():n}";

    public void Dispose() => File.Delete(path);

    private static DirectoryInfo CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("ebb-helpers-");
        Environment.SetEnvironmentVariable("PATH", $"{Environment.GetEnvironmentVariable("PATH")}:{folder.FullName}");
        return folder;
    }
}
