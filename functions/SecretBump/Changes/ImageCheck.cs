using Ebb.Oci;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.Worker;

namespace Ebb.SecretBump.Changes;

/// <summary>Makes sure that an image exists before its tag is written (<c>SecretBump:RequireImage</c>).</summary>
public sealed class ImageCheck(Lazy<RegistryClients> registries, BumpOptions options)
{
    /// <exception cref="ChangeException">There is no such image.</exception>
    internal async Task RequireAsync(string application, string tag, StepLog steps, CancellationToken cancellationToken)
    {
        if (options.RequireImage?.Replace("{application}", application, StringComparison.Ordinal) is not { } repository)
        {
            return;
        }

        if (!ImageReference.TryParse($"{repository}:{tag}", out var image, out var problem))
        {
            throw new ChangeException(FailureKind.Unprocessable, "image", $"{repository}:{tag} is no image: {problem}", "Correct SecretBump:RequireImage.");
        }

        if (await registries.Value.For(image.Registry).HeadManifestAsync(image.Repository, tag, cancellationToken) is not { } found)
        {
            throw new ChangeException(FailureKind.Unprocessable, "no-image", $"there is no image {image}", "Push it first; the tag was not written.");
        }

        steps.Done("image", $"{image} is {found.Digest}");
    }
}
