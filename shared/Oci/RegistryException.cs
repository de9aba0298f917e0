using System.Net;

namespace Ebb.Oci;

/// <summary>A registry did not do what was asked. The message is the cause and the remedy; it holds no credential.</summary>
/// <param name="cause">What failed and why, without the remedy.</param>
/// <param name="fault">The named cause.</param>
/// <param name="inner">What brought it about.</param>
public sealed class RegistryException(string cause, RegistryFault fault, Exception? inner = null) : Exception(cause, inner)
{
    /// <inheritdoc/>
    public override string Message => Remedy is null ? Cause : $"{Cause.TrimEnd('.')}. {Remedy}";

    /// <summary>What failed and why.</summary>
    public string Cause => base.Message;

    /// <summary>The named cause.</summary>
    public RegistryFault Fault { get; } = fault;

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>The HTTP status, when there was an answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The registry's own error codes (OCI distribution-spec v1.1.1, Error Codes).</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>The same failure with another remedy: who called knows the settings that led to it.</summary>
    /// <param name="remedy">What to do about it.</param>
    public RegistryException WithRemedy(string remedy) => new(Cause, Fault, this) { Remedy = remedy, Status = Status, Codes = Codes };
}

/// <summary>Named causes of failure.</summary>
public enum RegistryFault
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>The host does not answer, or the link broke too often.</summary>
    Unreachable,

    /// <summary>The TLS certificate is not accepted.</summary>
    Tls,

    /// <summary>Credentials are missing or wrong.</summary>
    Unauthorized,

    /// <summary>The account may not do this.</summary>
    Denied,

    /// <summary>Image, tag or blob unknown.</summary>
    NotFound,

    /// <summary>The Harbor project does not exist.</summary>
    ProjectMissing,

    /// <summary>The project's storage quota is used up.</summary>
    QuotaExceeded,

    /// <summary>The tag is immutable.</summary>
    ImmutableTag,

    /// <summary>A policy of the project (content trust, vulnerability) forbids it.</summary>
    PolicyViolation,

    /// <summary>Too many requests.</summary>
    RateLimited,

    /// <summary>Content does not match its digest or length.</summary>
    WrongContent,

    /// <summary>The answer breaks the protocol.</summary>
    Protocol,

    /// <summary>The registry answered 5xx too often.</summary>
    ServerError,

    /// <summary>The registry's own storage is full.</summary>
    StorageFull,

    /// <summary>The registry does not have, or does not have yet, what a manifest names.</summary>
    ContentMissing,
}
