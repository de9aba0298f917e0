using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>A Kubernetes Secret after the version was brought there, and what it was before.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Secret">As it is; null when there is none.</param>
/// <param name="Before">Its fingerprint before; null when nobody knows.</param>
internal sealed record DeliveredSecret(string Name, V1Secret? Secret, string? Before)
{
    private string Now => SecretFingerprint.Of(Secret);

    /// <summary>Whether pods that began before may hold something else.</summary>
    public bool IsChanged => Before is null || Before != Now;

    /// <summary>Whether one who watches updates has seen the change: a Secret that was made anew is no update.</summary>
    public bool IsUpdated => Before is null ? Secret is not null : IsChanged && SecretFingerprint.AreOfOneObject(Before, Now);
}
