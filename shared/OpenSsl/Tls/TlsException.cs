namespace Ebb.OpenSsl;

/// <summary>A TLS connection did not come about or broke. The message names the server, the cause and what to do.</summary>
public sealed class TlsException : OpenSslException
{
    internal TlsException(TlsFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>The cause.</summary>
    public TlsFailure Failure { get; }

    /// <summary>Whether the same attempt may succeed a little later without anyone changing anything.</summary>
    public bool IsTransient => Failure is TlsFailure.TimedOut or TlsFailure.Truncated or TlsFailure.Other;
}
