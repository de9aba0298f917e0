namespace Ebb.OpenSsl;

/// <summary>
/// Something that OpenSSL was asked for failed. An <see cref="IOException"/>, as whoever reads or writes a stream expects.
/// </summary>
public abstract class OpenSslException : IOException
{
    private protected OpenSslException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
