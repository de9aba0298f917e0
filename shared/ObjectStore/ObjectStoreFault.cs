namespace Ebb.ObjectStore;

/// <summary>Named causes of failure.</summary>
public enum ObjectStoreFault
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>The store does not answer, or the connection broke too often.</summary>
    Unreachable,

    /// <summary>The TLS certificate is not accepted.</summary>
    Tls,

    /// <summary>The access key, its secret or the session token is wrong, expired or cannot be read.</summary>
    CredentialsRefused,

    /// <summary>The credentials are right and do not allow this; of a directory: the file permissions.</summary>
    AccessDenied,

    /// <summary>The bucket or directory does not exist.</summary>
    BucketMissing,

    /// <summary>No such object.</summary>
    NotFound,

    /// <summary>An object with this key exists and was not to be replaced.</summary>
    Exists,

    /// <summary>The object is no longer the one that was opened.</summary>
    Changed,

    /// <summary>This machine's clock and the store's are too far apart.</summary>
    ClockSkew,

    /// <summary>The store asks for fewer requests (503 SlowDown, 429) longer than we retry.</summary>
    Overloaded,

    /// <summary>The store answered 5xx too often.</summary>
    ServerError,

    /// <summary>No space left, or a quota is used up.</summary>
    StoreFull,

    /// <summary>The key is not safe as a name.</summary>
    UnsafeKey,

    /// <summary>The range begins behind the object's end.</summary>
    InvalidRange,

    /// <summary>Larger than was allowed.</summary>
    TooLarge,

    /// <summary>The store does not know this operation.</summary>
    NotSupported,

    /// <summary>What is stored is not what was sent.</summary>
    Corrupt,

    /// <summary>The upload was aborted by somebody else while it went on.</summary>
    UploadGone,

    /// <summary>The answer breaks the protocol.</summary>
    Protocol,
}
