using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Where images go: a registry and a path in it, such as <c>harbor.example.com/library</c>.</summary>
internal sealed record TargetPlace(string Registry, string Path)
{
    public static TargetPlace Parse(string text)
    {
        // The name after it makes a registry alone, such as 127.0.0.1:5000, readable as a reference.
        var reference = ImageReference.Parse(text + "/x");
        return new TargetPlace(reference.Registry, reference.Repository.Length > 1 ? reference.Repository[..^2] : "");
    }

    public string RepositoryOf(string name) => Path.Length == 0 ? name : $"{Path}/{name}";

    public override string ToString() => Path.Length == 0 ? Registry : $"{Registry}/{Path}";
}
