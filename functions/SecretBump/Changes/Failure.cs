using Ebb.Kubernetes;
using Ebb.Oci;
using Ebb.SecretBump.Stores;
using Ebb.Storage;
using Ebb.Storage.Exclusion;
using Ebb.Worker;

namespace Ebb.SecretBump.Changes;

/// <summary>What went wrong in an environment, in the report's words.</summary>
internal sealed record Failure(FailureKind Kind, string Fault, string Cause, string Remedy, bool IsTransient = false)
{
    /// <summary>Why, without a full stop at its end: other people's messages have one, and the remedy comes behind it.</summary>
    public string Cause { get; } = Cause.TrimEnd('.');

    /// <summary>Names a failure; null for one that nobody foresaw.</summary>
    public static Failure? Of(Exception exception) => exception switch
    {
        ChangeException e => new(e.Kind, e.Fault, e.Cause, e.Remedy),
        SecretStoreException e => Of(e),
        KubernetesException e => new(
            e.IsTransient ? FailureKind.Unavailable : e.Fault == KubernetesFault.TimedOut ? FailureKind.TimedOut : FailureKind.BadGateway,
            "kubernetes", e.Message, "The version is written; ask again to go on with its rollout.", e.IsTransient),
        RegistryException e => new(
            MayPass(e) ? FailureKind.Unavailable : FailureKind.BadGateway, "registry", e.Cause, e.Remedy ?? "Check SecretBump:RequireImage and the registry's credential.", MayPass(e)),
        KeyHeldException e => new(FailureKind.Conflict, "busy", e.Message, "Ask again then; nothing was done.", IsTransient: true),
        HostStorageException e => new(FailureKind.Unavailable, "storage", e.Message, "Ask again; what was written is found and not written twice.", IsTransient: true),
        _ => null,
    };

    private static bool MayPass(RegistryException e) => e.Fault is RegistryFault.Unreachable or RegistryFault.RateLimited or RegistryFault.ServerError;

    private static Failure Of(SecretStoreException e) => e.Fault switch
    {
        SecretStoreFault.Conflict => new(FailureKind.Conflict, "conflict", e.Message, "Somebody writes to this secret all the time; find out who, and ask again."),
        SecretStoreFault.Unavailable => new(FailureKind.Unavailable, "unavailable", e.Message, "Ask again when the store answers.", IsTransient: true),
        SecretStoreFault.Denied => new(FailureKind.BadGateway, "denied", e.Message, "Extend the policy of Ebb's login; the guide has the one it needs."),
        SecretStoreFault.LoginFailed => new(FailureKind.BadGateway, "login", e.Message, "Correct the login of the section Vault or AzureKeyVault."),
        SecretStoreFault.TooLarge => new(FailureKind.Unprocessable, "too-large", e.Message, "Split the secret."),
        _ => new(FailureKind.BadGateway, "store", e.Message, "The store's own words say what it minds."),
    };
}
