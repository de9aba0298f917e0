using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Ebb.Settings;

namespace Ebb.Scaler.Configuration;

/// <summary>The names of clients that are answered. An authority vouches for all that it signs, and that may be a whole platform.</summary>
internal sealed partial class ClientNames
{
    /// <summary>KEDA's certificate as infra/base/scaler has it made.</summary>
    public const string Default = "keda.ebb.svc";

    private const string Key = "ClientNames";
    private const string CommonName = "2.5.4.3";

    private readonly IReadOnlyList<string> _names;

    private ClientNames(IReadOnlyList<string> names) => _names = names;

    /// <summary>Reads <c>Scaler:ClientNames</c>: one or more DNS names.</summary>
    public static ClientNames Read(SettingsReader read, bool haveAuthority)
    {
        var names = read.All(Key, $"the DNS names of clients' certificates in full, such as {Default}", DnsName().IsMatch, Default);
        if (names.Count == 0)
        {
            read.Missing(Key, $"at least one name, such as {Default}", 0);
        }

        return haveAuthority || read.Text(Key) is not { } text
            ? new(names)
            : read.Wrong<ClientNames>(Key, text, "nothing there, for clients show no certificate, or set Scaler:ClientCaFile too", new(names));
    }

    /// <summary>
    /// Whether a certificate carries one of the names, letter by letter: as a DNS name among its alternative names, or as its common name
    /// where it has no alternative names at all (RFC 6125, section 6.4.4).
    /// </summary>
    public bool Include(X509Certificate2 certificate) => NamesOf(certificate).Any(_names.Contains);

    public override string ToString() => string.Join(", ", _names);

    /// <summary>The names by which a certificate counts.</summary>
    public static IReadOnlyList<string> NamesOf(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToList();
        return alternatives.Count > 0
            ? [.. alternatives.SelectMany(extension => extension.EnumerateDnsNames())]
            : [.. certificate.SubjectName.EnumerateRelativeDistinguishedNames()
                .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
                .Select(part => part.GetSingleElementValue()).OfType<string>()];
    }

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DnsName();
}
