namespace Ebb.Worker;

/// <summary>
/// Whose turn it is after a failure. The kind is the run's error type, and gives the status of every answer that waits for the run
/// (RFC 9110, 15.5 and 15.6).
/// </summary>
public enum FailureKind
{
    /// <summary>500: the work failed; those who run the system look. The run's error type is <c>FunctionFailedException</c>.</summary>
    Failed = 500,

    /// <summary>403: not allowed for this caller or now.</summary>
    Forbidden = 403,

    /// <summary>404: what the request names is not there.</summary>
    NotFound = 404,

    /// <summary>409: the state of things does not allow it; the caller changes that first.</summary>
    Conflict = 409,

    /// <summary>422: well formed, and impossible to do; the caller corrects it.</summary>
    Unprocessable = 422,

    /// <summary>502: a system behind answered with an error.</summary>
    BadGateway = 502,

    /// <summary>503: a system behind cannot be reached; the same request may succeed later.</summary>
    Unavailable = 503,

    /// <summary>504: it did not come about in time.</summary>
    TimedOut = 504,
}
