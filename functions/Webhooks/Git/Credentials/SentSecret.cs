using System.Text;
using Ebb.Webhooks.Git.Hooks;

namespace Ebb.Webhooks.Git.Credentials;

/// <summary>
/// Azure DevOps signs nothing: the secret is the password of Basic (whatever the user is called) or the value of a header
/// (Azure DevOps, Webhooks, "HTTP headers" and "Basic authentication"). Such a delivery is only as secret as its TLS.
/// </summary>
internal sealed class SentSecret(string? header) : ICredentialCheck
{
    private const string Scheme = "Basic ";
    private const int MaxLength = 8192;

    public bool Admits(Delivery delivery, HookSecret secret) =>
        Secrets.AreEqual(header is null ? Password(delivery.Header("Authorization")) : delivery.Header(header), secret);

    private static string? Password(string? authorization)
    {
        if (authorization is null || authorization.Length > MaxLength || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[authorization.Length];
        if (!Convert.TryFromBase64Chars(authorization.AsSpan(Scheme.Length).Trim(), bytes, out var length))
        {
            return null;
        }

        // RFC 7617, section 2: the user has no colon, the password may.
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? text[(colon + 1)..] : null;
    }
}
