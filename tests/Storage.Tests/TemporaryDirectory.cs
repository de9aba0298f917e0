namespace Ebb.Storage.Tests;

/// <summary>A directory that is gone after the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ebb-storage-").FullName;

    public string Journal => Directory.EnumerateFiles(Path, "journal-*.log").ShouldHaveSingleItem();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
