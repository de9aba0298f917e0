using System.Net;
using k8s.Models;

namespace Ebb.Kubernetes;

/// <summary>
/// The cluster did not do what was asked. The message names the request, the server's own words and the remedy; it holds no
/// credential and no content of a Secret.
/// </summary>
public sealed class KubernetesException(string message, KubernetesFault fault, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The cause.</summary>
    public KubernetesFault Fault { get; } = fault;

    /// <summary>The HTTP status, when there was an answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The reason in the server's Status object, such as <c>AlreadyExists</c>; empty when it gave none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The server's own message, made fit to be shown; empty when it gave none.</summary>
    public string ServerMessage { get; init; } = "";

    /// <summary>The causes in the server's Status object.</summary>
    public IReadOnlyList<V1StatusCause> Causes { get; init; } = [];

    /// <summary>How long the server asks to wait before the next attempt.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>For <see cref="KubernetesFault.TimedOut"/>: the object when last seen; null when it was not there.</summary>
    public KubernetesObject? LastSeen { get; init; }

    /// <summary>True when the same request may succeed later without anybody changing anything.</summary>
    public bool IsTransient => Fault is KubernetesFault.Unreachable or KubernetesFault.RateLimited or KubernetesFault.ServerError;
}

/// <summary>Named causes of failure.</summary>
public enum KubernetesFault
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>The server does not answer, or the link broke too often.</summary>
    Unreachable,

    /// <summary>The TLS certificate is not accepted, ours or theirs.</summary>
    Tls,

    /// <summary>There is no credential to send: a file cannot be read, a plugin failed.</summary>
    Credential,

    /// <summary>401: the credential is not accepted.</summary>
    Unauthorized,

    /// <summary>403: a right is missing, or an admission rule refuses.</summary>
    Forbidden,

    /// <summary>403: a resource quota is used up.</summary>
    QuotaExceeded,

    /// <summary>403: the namespace is being deleted, and nothing new is taken in.</summary>
    NamespaceTerminating,

    /// <summary>404: the object, or the namespace it should be in, is not there.</summary>
    NotFound,

    /// <summary>404: the cluster has no such type; its operator or custom resource definition is not installed.</summary>
    TypeNotServed,

    /// <summary>409: an object of that name is there.</summary>
    AlreadyExists,

    /// <summary>409: the object changed meanwhile, or a precondition does not hold. Read it again and decide again.</summary>
    Conflict,

    /// <summary>409: another manager owns fields that were applied.</summary>
    OwnedByAnother,

    /// <summary>410: the version or list page asked for is too old.</summary>
    Expired,

    /// <summary>400 or 422: the object is not accepted as it is; <see cref="KubernetesException.Causes"/> names the fields.</summary>
    Invalid,

    /// <summary>429: too many requests.</summary>
    RateLimited,

    /// <summary>5xx, too often.</summary>
    ServerError,

    /// <summary>The answer breaks the protocol, or is too long.</summary>
    Protocol,

    /// <summary>What was waited for did not come about in time.</summary>
    TimedOut,
}
