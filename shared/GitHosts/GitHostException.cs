using System.Net;

namespace Ebb.GitHosts;

/// <summary>A Git host did not do what was asked. The message names host, request, cause and remedy; it holds no token.</summary>
public sealed class GitHostException(string message, GitHostFault fault, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The cause.</summary>
    public GitHostFault Fault { get; } = fault;

    internal static GitHostException OfLogin(string message, Exception? cause) => new(message, GitHostFault.LoginFailed, cause);

    /// <summary>The HTTP status, when there was an answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>How long the host asks to wait, when it says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when the same request may succeed later without anybody changing anything.</summary>
    public bool IsTransient => Fault is GitHostFault.Unreachable or GitHostFault.RateLimited or GitHostFault.ServerError or GitHostFault.Conflict;
}
