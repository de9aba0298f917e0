namespace Ebb.Kubernetes;

/// <summary>Finds every mistake in <see cref="KubernetesOptions"/> at once.</summary>
public static class KubernetesOptionsValidator
{
    private const int MaxFieldManagerLength = 128;

    /// <summary>One sentence for each problem: where it is, its value and what would be right. Empty when there is none. Never holds a secret.</summary>
    public static IEnumerable<string> Validate(KubernetesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Server(options).Concat(Values(options)).Concat(Credential(options.Source, options.Credential));
    }

    private static IEnumerable<string> Server(KubernetesOptions options)
    {
        if (!Uri.TryCreate(options.Server, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http")
            || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            yield return $"The server in {options.Source} is no URL such as https://10.0.0.1:6443 (https or http, no user, query or fragment).";
        }
        else if (uri.Scheme == "http" && !uri.IsLoopback && !options.Insecure)
        {
            yield return $"The server '{options.Server}' in {options.Source} would get the credential unencrypted. Use https, or set Kubernetes:Insecure to true.";
        }

        if (options.CaFile is { } file && !File.Exists(file))
        {
            yield return $"The CA file '{file}' in {options.Source} does not exist.";
        }
    }

    private static IEnumerable<string> Values(KubernetesOptions options)
    {
        if (options.FieldManager.Length is 0 or > MaxFieldManagerLength || options.FieldManager.Any(c => c is < ' ' or > '~'))
        {
            yield return $"Kubernetes:FieldManager '{options.FieldManager}' is not 1 to {MaxFieldManagerLength} printable characters.";
        }

        if (!ObjectReference.IsNamespace(options.Namespace))
        {
            yield return $"The namespace '{options.Namespace}' in {options.Source} is none: lower-case letters, digits and '-', at most 63.";
        }

        if (options.MaxConcurrentRequests < 1)
        {
            yield return $"MaxConcurrentRequests {options.MaxConcurrentRequests} must be 1 or more.";
        }

        if (options.WatchDuration < TimeSpan.FromSeconds(1) || options.WatchDuration > TimeSpan.FromHours(1))
        {
            yield return $"WatchDuration {options.WatchDuration} must be from 1 second to 1 hour.";
        }
    }

    private static IEnumerable<string> Credential(string source, CredentialOptions? credential)
    {
        if (credential is null)
        {
            yield break;
        }

        if (credential is { Exec: not null } and not { Token: null, TokenFile: null, CertificateFile: null, CertificatePem: null })
        {
            yield return $"The user in {source} has both an exec plugin and another credential. Keep one.";
        }

        if ((credential.CertificateFile ?? credential.CertificatePem) is null != (credential.KeyFile ?? credential.KeyPem) is null)
        {
            yield return $"The user in {source} has a client certificate without its key, or a key without its certificate.";
        }

        foreach (var file in new[] { credential.TokenFile, credential.CertificateFile, credential.KeyFile }.Where(file => file is not null && !File.Exists(file)))
        {
            yield return $"The file '{file}' of the user in {source} does not exist.";
        }

        if (credential.Exec is { ApiVersion: not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1") } exec)
        {
            yield return $"The exec plugin in {source} speaks '{exec.ApiVersion}'; client.authentication.k8s.io/v1 and v1beta1 are understood.";
        }
    }
}
