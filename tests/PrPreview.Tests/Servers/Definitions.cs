using Ebb.TestServers.Kubernetes;

namespace Ebb.PrPreview.Tests.Servers;

/// <summary>Argo CD's types, with their public schemas where those are beside the checkout (../shared/data/crds).</summary>
internal static class Definitions
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Root(), "../shared/data/crds"));

    public static bool AreHere => Directory.Exists(Folder);

    public static void Load(TestServers.Kubernetes.Cluster cluster)
    {
        if (AreHere)
        {
            cluster.Resources.LoadDefinition(Path.Combine(Folder, "argoproj.io_applications.yaml"));
            cluster.Resources.LoadDefinition(Path.Combine(Folder, "argoproj.io_appprojects.yaml"));
            return;
        }

        cluster.Resources.Add(new ApiResource("argoproj.io", "v1alpha1", "applications", "Application", true) { IsCustom = true });
        cluster.Resources.Add(new ApiResource("argoproj.io", "v1alpha1", "appprojects", "AppProject", true) { IsCustom = true });
    }

    public static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Functions.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("No folder above holds Functions.sln.");
        }

        return directory.FullName;
    }
}
