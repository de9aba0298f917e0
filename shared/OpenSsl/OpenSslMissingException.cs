namespace Ebb.OpenSsl;

/// <summary>OpenSSL 3 is not on this system. The message says what to install.</summary>
public sealed class OpenSslMissingException : OpenSslException
{
    internal OpenSslMissingException(string message)
        : base(message)
    {
    }
}
