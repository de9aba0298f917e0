namespace Ebb.Kubernetes.Tests;

/// <summary>The CustomResourceDefinitions beside the repository.</summary>
internal static class Definitions
{
    /// <summary>A file of the data folder; skips the test, in one line, where the data is absent.</summary>
    public static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "crds", name);
            if (File.Exists(file))
            {
                return file;
            }
        }

        Assert.Skip($"shared/data/crds/{name} is not beside the repository.");
        throw new InvalidOperationException();
    }
}
