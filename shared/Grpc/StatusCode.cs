namespace Ebb.Grpc;

/// <summary>How a call ended (gRPC, doc/statuscodes.md).</summary>
public enum StatusCode
{
    /// <summary>It succeeded.</summary>
    OK = 0,

    /// <summary>The caller gave up.</summary>
    Cancelled = 1,

    /// <summary>Failed in a way that has no code.</summary>
    Unknown = 2,

    /// <summary>The request is wrong, whatever the state of the server.</summary>
    InvalidArgument = 3,

    /// <summary>The time was over.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>It exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not.</summary>
    PermissionDenied = 7,

    /// <summary>A limit was reached: a quota, or the size of a message.</summary>
    ResourceExhausted = 8,

    /// <summary>The server's state does not allow it.</summary>
    FailedPrecondition = 9,

    /// <summary>Given up because of a conflict.</summary>
    Aborted = 10,

    /// <summary>Past the valid range.</summary>
    OutOfRange = 11,

    /// <summary>There is no such method, or the message's encoding is not supported.</summary>
    Unimplemented = 12,

    /// <summary>A message or frame that is not what the protocol says.</summary>
    Internal = 13,

    /// <summary>Not now; the call may be tried again.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or damaged.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
