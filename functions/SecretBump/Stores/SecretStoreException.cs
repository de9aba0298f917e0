namespace Ebb.SecretBump.Stores;

/// <summary>The store did not do what was asked. The message says what failed, why and what to do, and holds no value.</summary>
public sealed class SecretStoreException(string message, SecretStoreFault fault, Exception? inner = null) : Exception(message, inner)
{
    public SecretStoreFault Fault { get; } = fault;

    /// <summary>True when the same request may succeed later without anybody changing anything.</summary>
    public bool IsTransient => Fault == SecretStoreFault.Unavailable;
}

/// <summary>Named causes of failure.</summary>
public enum SecretStoreFault
{
    /// <summary>None of the others: what was asked cannot be done as it is.</summary>
    Other,

    /// <summary>Somebody wrote meanwhile.</summary>
    Conflict,

    /// <summary>A permission is missing.</summary>
    Denied,

    /// <summary>The store cannot be logged in to.</summary>
    LoginFailed,

    /// <summary>The store does not answer, is sealed, is a standby or has too much to do.</summary>
    Unavailable,

    /// <summary>The values are more than the store takes.</summary>
    TooLarge,
}
