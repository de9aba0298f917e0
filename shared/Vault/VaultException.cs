using System.Net;

namespace Ebb.Vault;

/// <summary>Vault did not do what was asked. The message names the request, the cause and the remedy; it holds no token and no secret value.</summary>
public sealed class VaultException(string message, VaultFault fault, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The cause.</summary>
    public VaultFault Fault { get; } = fault;

    /// <summary>The HTTP status, when there was an answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The server's own messages.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>The answer's body where it may say more than the errors (404); never part of the message.</summary>
    internal ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True for a 404 without a word: the engine answered, and there is nothing at the path.</summary>
    internal bool IsEmpty => Fault == VaultFault.NotFound && Errors.Count == 0;

    /// <summary>True when the same request may succeed later without anybody changing anything.</summary>
    public bool IsTransient => Fault is VaultFault.Unreachable or VaultFault.RateLimited or VaultFault.ServerError or VaultFault.Sealed or VaultFault.Standby or VaultFault.Behind;
}

/// <summary>Named causes of failure.</summary>
public enum VaultFault
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>The server does not answer, or the link broke too often.</summary>
    Unreachable,

    /// <summary>The TLS certificate is not accepted.</summary>
    Tls,

    /// <summary>The server is sealed and needs its unseal keys.</summary>
    Sealed,

    /// <summary>The server was never initialised.</summary>
    NotInitialized,

    /// <summary>The server is a standby that does not serve this request.</summary>
    Standby,

    /// <summary>The login failed: the token, role or secret id is wrong or has expired.</summary>
    LoginFailed,

    /// <summary>The token's policies do not allow this.</summary>
    Denied,

    /// <summary>Nothing is there; a missing permission may look the same.</summary>
    NotFound,

    /// <summary>Check-and-set failed: the secret has another version than was said; somebody wrote meanwhile.</summary>
    VersionConflict,

    /// <summary>The engine or the secret demands check-and-set.</summary>
    CheckAndSetRequired,

    /// <summary>The server knows no PATCH (Vault before 1.9, or another engine).</summary>
    PatchUnknown,

    /// <summary>The node has not yet seen what this token wrote elsewhere (412).</summary>
    Behind,

    /// <summary>The request is more than the server takes (413, or a storage's limit).</summary>
    TooLarge,

    /// <summary>The request is not accepted as it is.</summary>
    InvalidRequest,

    /// <summary>Too many requests.</summary>
    RateLimited,

    /// <summary>The server answered 5xx too often.</summary>
    ServerError,

    /// <summary>The answer breaks the protocol.</summary>
    Protocol,
}
