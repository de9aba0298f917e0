namespace Ebb.GitHosts;

/// <summary>Named causes of failure. None of them says that a pull request is closed.</summary>
public enum GitHostFault
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>The host does not answer, or the link broke too often.</summary>
    Unreachable,

    /// <summary>The TLS certificate is not accepted.</summary>
    Tls,

    /// <summary>The token file cannot be read, or no access token could be got.</summary>
    LoginFailed,

    /// <summary>The token is wrong, expired, or lacks a right (401, 403).</summary>
    Denied,

    /// <summary>Nothing is there, or the token may not see it: hosts answer both alike.</summary>
    NotFound,

    /// <summary>The host limits the rate; <see cref="GitHostException.RetryAfter"/> says how long when the host does.</summary>
    RateLimited,

    /// <summary>The host answered 5xx too often.</summary>
    ServerError,

    /// <summary>Somebody else changed the same thing too often meanwhile.</summary>
    Conflict,

    /// <summary>The request is not accepted as it is.</summary>
    InvalidRequest,

    /// <summary>The file is longer than allowed.</summary>
    TooLarge,

    /// <summary>The answer breaks the protocol, or leads to another server.</summary>
    Protocol,
}
