namespace Ebb.Storage.Tests;

/// <summary>A directory that is gone after the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ebb-storage-").FullName;

    public string Database => System.IO.Path.Combine(Path, "ebb.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
