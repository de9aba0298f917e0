using Ebb.Oci;
using Ebb.PrPreview.Settings;

namespace Ebb.PrPreview.Cluster;

/// <summary>Whether the pipeline has pushed the image of a commit.</summary>
internal sealed class ImageCheck(RegistryClients registries)
{
    /// <summary>True when its manifest is there.</summary>
    /// <exception cref="RegistryException">The registry does not say.</exception>
    public async Task<bool> IsThereAsync(ImageReference image, CancellationToken cancellationToken)
    {
        try
        {
            return await registries.For(image.Registry).HeadManifestAsync(image.Repository, image.Tag!, cancellationToken) is not null;
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.NotFound)
        {
            return false;
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.ProjectMissing)
        {
            throw e.WithRemedy($"Create the project in Harbor, or correct {PreviewOptions.Section}:Image.");
        }
    }
}
