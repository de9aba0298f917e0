namespace Ebb.Oci.Tests;

internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string content) => File.WriteAllText(Path, content);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ebb-{Guid.NewGuid():n}");

    public void Dispose() => File.Delete(Path);
}
