namespace Ebb.OpenSsl;

/// <summary>Certificates or keys could not be used. The message lists everything that is wrong with them, and nothing that is secret.</summary>
public sealed class TlsCredentialsException : OpenSslException
{
    internal TlsCredentialsException(IReadOnlyList<string> problems)
        : base($"The TLS certificates and keys cannot be used: {string.Join(" ", problems)}") => Problems = problems;

    /// <summary>One sentence for each problem.</summary>
    public IReadOnlyList<string> Problems { get; }
}
