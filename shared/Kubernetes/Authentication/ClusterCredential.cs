using System.Security.Cryptography.X509Certificates;

namespace Ebb.Kubernetes.Authentication;

/// <summary>What requests carry to say who sends them: a token, a client certificate, or both.</summary>
internal sealed class ClusterCredential : IDisposable
{
    private readonly ITokenSource _tokens;
    private readonly Func<X509Certificate2?>? _certificates;
    private readonly IDisposable? _owned;

    private ClusterCredential(ITokenSource tokens, Func<X509Certificate2?>? certificates, IDisposable? owned, string description) =>
        (_tokens, _certificates, _owned, Description) = (tokens, certificates, owned, description);

    /// <summary>Names the credential in messages.</summary>
    public string Description { get; }

    /// <summary>Whether TLS connections may show a certificate.</summary>
    public bool HasCertificate => _certificates is not null;

    /// <summary>The certificate for a new connection; null: none at the moment.</summary>
    public X509Certificate2? Certificate => _certificates?.Invoke();

    public static ClusterCredential Create(KubernetesOptions options, TimeProvider time)
    {
        var credential = options.Credential ?? new CredentialOptions();
        if (credential.Exec is { } exec)
        {
            var plugin = new ExecPlugin(exec, options, time);
            return new ClusterCredential(plugin, () => plugin.Certificate, plugin, credential.ToString());
        }

        ITokenSource tokens = credential.TokenFile is { } file ? new TokenFile(file, options.Source) : new StaticToken(credential.Token);
        return new ClusterCredential(tokens, Certificates(credential, options.Source, out var owned), owned, credential.ToString());
    }

    public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) => _tokens.GetAsync(cancellationToken);

    public ValueTask<bool> TryReplaceAsync(string? refused, CancellationToken cancellationToken) => _tokens.TryReplaceAsync(refused, cancellationToken);

    public void Dispose() => _owned?.Dispose();

    private static Func<X509Certificate2?>? Certificates(CredentialOptions credential, string source, out IDisposable? owned)
    {
        owned = null;
        if (credential is { CertificateFile: { } certificateFile, KeyFile: { } keyFile })
        {
            var files = new CertificateFiles(certificateFile, keyFile, source);
            return () => files.Current;
        }

        if (credential is not ({ CertificatePem: not null } or { CertificateFile: not null }))
        {
            return null;
        }

        var certificate = ClientCertificate.Load(
            credential.CertificatePem ?? File.ReadAllText(credential.CertificateFile!), credential.KeyPem ?? File.ReadAllText(credential.KeyFile!), source);
        owned = certificate;
        return () => certificate;
    }
}
