namespace Ebb.Kubernetes;

/// <summary>How the process says who it is; one of the ways. Prints no secret.</summary>
public sealed record CredentialOptions
{
    /// <summary>A bearer token.</summary>
    public string? Token { get; init; }

    /// <summary>A file with a bearer token; read for every request, for it rotates. Wins over <see cref="Token"/>.</summary>
    public string? TokenFile { get; init; }

    /// <summary>A client certificate in PEM.</summary>
    public string? CertificatePem { get; init; }

    /// <summary>The client certificate's private key in PEM.</summary>
    public string? KeyPem { get; init; }

    /// <summary>A file with the client certificate; read again when it changes.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A file with the client certificate's private key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A program that gives a token or a certificate.</summary>
    public ExecOptions? Exec { get; init; }

    /// <summary>Which way it is, and nothing else.</summary>
    public override string ToString() => this switch
    {
        { Exec: { } exec } => $"the plugin {exec.Command}",
        { TokenFile: { } file } => $"the token in {file}",
        { Token: not null } => "a token",
        { CertificateFile: { } file } => $"the client certificate in {file}",
        { CertificatePem: not null } => "a client certificate",
        _ => "no credential",
    };
}
