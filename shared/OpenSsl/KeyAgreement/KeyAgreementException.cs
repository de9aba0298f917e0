namespace Ebb.OpenSsl;

/// <summary>Two keys could not be agreed: the other side's is of low order, or OpenSSL refused. Never transient.</summary>
public sealed class KeyAgreementException : OpenSslException
{
    internal KeyAgreementException(string message)
        : base(message)
    {
    }
}
