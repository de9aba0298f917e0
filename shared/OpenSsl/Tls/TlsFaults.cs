using System.Text;
using Ebb.OpenSsl.Interop;

namespace Ebb.OpenSsl.Tls;

/// <summary>Puts OpenSSL's reasons into words, for one connection to <see cref="Server"/>.</summary>
internal sealed class TlsFaults(string server, bool hasCertificate, string? protocol)
{
    private const int MostNames = 5;

    public string Server => server;

    public TlsException Describe(TlsHandle tls, (int Reason, string Text) error, VerificationFailure? verification) =>
        verification is not null ? ServerCertificate.Describe(server, verification) : error.Reason switch
        {
            1116 => Required(tls),
            1040 when !hasCertificate && AcceptedAuthorities(tls).Length > 0 => Required(tls),
            >= 1041 and <= 1046 or 1048 or 1049 or 1051 => Refused(tls, error.Text),
            1040 => Fault(TlsFailure.Other, $"{server} broke the TLS handshake off ({error.Text}): it may want another client certificate, cipher or signature algorithm; its log says which."),
            235 or 1120 => NoProtocol(null),
            1070 or 258 or 191 => Fault(TlsFailure.NoCommonProtocol, $"{server} offers no TLS version that is accepted here (1.2 and 1.3): {error.Text}."),
            267 => Fault(TlsFailure.NoCommonProtocol, $"{server} does not speak TLS on this port: check the port."),
            294 => Truncated(),
            _ => Fault(TlsFailure.Other, $"TLS with {server} failed: {error.Text}."),
        };

    public TlsException NoProtocol(string? chosen) => Fault(
        TlsFailure.NoApplicationProtocol,
        $"{server} did not agree to speak '{protocol}' (ALPN){(string.IsNullOrEmpty(chosen) ? string.Empty : $" and chose '{chosen}'")}: check that the address and port belong to the right service.");

    public TlsException Truncated(Exception? cause = null) => Fault(
        TlsFailure.Truncated,
        $"The connection to {server} was cut{(cause is null ? string.Empty : $" ({cause.Message})")}: it ended without TLS's end mark, so what was received may not be all.",
        cause);

    public TlsException EndedInHandshake(Exception? cause) => Fault(
        TlsFailure.Other,
        $"{server} ended the connection during the TLS handshake{(cause is null ? string.Empty : $" ({cause.Message})")}: check that the port speaks TLS and that nothing between cuts it.",
        cause);

    public TlsException TimedOut(TimeSpan limit) => Fault(
        TlsFailure.TimedOut,
        $"Connecting to {server} and the TLS handshake took longer than {limit.TotalSeconds:0.#} s: check address, port and network policies.");

    private TlsException Required(TlsHandle tls) => hasCertificate
        ? Refused(tls, "certificate required")
        : Fault(TlsFailure.ClientCertificateRequired, $"{server} demands a client certificate and none is configured.{Accepted(tls)}");

    private TlsException Refused(TlsHandle tls, string text) => hasCertificate
        ? Fault(TlsFailure.ClientCertificateRefused, $"{server} refused the client certificate ({text}): it may have expired or come from another authority.{Accepted(tls)}")
        : Fault(TlsFailure.ClientCertificateRequired, $"{server} refused a client without certificate ({text}), and none is configured.{Accepted(tls)}");

    private static string Accepted(TlsHandle tls) =>
        AcceptedAuthorities(tls) is { Length: > 0 } names ? $" It accepts those of {string.Join(" or ", names)}." : string.Empty;

    // Names that the server sent along when it asked for a certificate (RFC 8446, section 4.2.4).
    private static string[] AcceptedAuthorities(TlsHandle tls)
    {
        var list = LibSsl.SSL_get0_peer_CA_list(tls);
        var count = list == 0 ? 0 : Math.Min(LibCrypto.OPENSSL_sk_num(list), MostNames);
        return [.. Enumerable.Range(0, Math.Max(count, 0)).Select(index => Name(LibCrypto.OPENSSL_sk_value(list, index)))];
    }

    private static string Name(nint name)
    {
        Span<byte> text = stackalloc byte[256];
        _ = LibCrypto.X509_NAME_oneline(name, text, text.Length);
        return $"'{Encoding.UTF8.GetString(text[..Math.Max(text.IndexOf((byte)0), 0)])}'";
    }

    private static TlsException Fault(TlsFailure failure, string message, Exception? cause = null) => new(failure, message, cause);
}
