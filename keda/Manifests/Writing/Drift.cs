namespace Ebb.Manifests.Writing;

/// <summary>A file that is not what the functions' metadata says.</summary>
internal sealed record Drift(string Path, string What)
{
    public override string ToString() => $"{Path} {What}";
}
