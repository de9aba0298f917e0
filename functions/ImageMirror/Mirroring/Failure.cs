using Ebb.Oci;
using Ebb.Signing;
using Ebb.Vault;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>What went wrong with an image, in the report's words.</summary>
internal sealed record Failure(string Fault, string Cause, string? Remedy)
{
    /// <summary>Names a failure; null for one that nobody foresaw.</summary>
    public static Failure? Of(Exception exception) => exception switch
    {
        MirrorException e => new(e.Fault, e.Message, e.Remedy),
        RegistryException e => new(NameOf(e.Fault), e.Cause, e.Remedy),
        OciFormatException e => new("protocol", e.Message, "The source or target sent something that is no image; ask those who run it."),
        SigningException or VaultException => new("signing", exception.Message, "Correct Signing:Key and what it needs; the image was copied, but its tag not moved."),
        _ => null,
    };

    private static string NameOf(RegistryFault fault) => fault switch
    {
        RegistryFault.Unreachable => "unreachable",
        RegistryFault.Tls => "tls",
        RegistryFault.Unauthorized => "unauthorized",
        RegistryFault.Denied => "denied",
        RegistryFault.NotFound => "notFound",
        RegistryFault.ProjectMissing => "projectMissing",
        RegistryFault.QuotaExceeded => "quotaExceeded",
        RegistryFault.ImmutableTag => "immutableTag",
        RegistryFault.PolicyViolation => "policyViolation",
        RegistryFault.RateLimited => "rateLimited",
        RegistryFault.WrongContent => "wrongContent",
        RegistryFault.Protocol => "protocol",
        RegistryFault.ServerError => "serverError",
        RegistryFault.ContentMissing => "contentMissing",
        _ => "other",
    };
}
