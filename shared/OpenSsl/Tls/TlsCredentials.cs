using Ebb.OpenSsl.Interop;

namespace Ebb.OpenSsl.Tls;

/// <summary>Puts authorities, certificates and the key into OpenSSL's settings, and collects what is wrong with them.</summary>
internal sealed class TlsCredentials(TlsContextHandle context, List<string> problems)
{
    private const int AddToChain = 89;
    private const nuint PartialChain = 0x80000;

    public void Load(TlsClientOptions options)
    {
        Trust(options.Authorities.Span);
        if (options.Certificates.IsEmpty != options.Key.IsEmpty)
        {
            problems.Add(options.Key.IsEmpty ? "There is a client certificate without its private key." : "There is a client key without its certificate.");
        }
        else if (!options.Key.IsEmpty)
        {
            Identify(options.Certificates.Span, options.Key.Span);
        }
    }

    private void Trust(ReadOnlySpan<byte> pem)
    {
        // As in Go, whose servers these are: a given certificate is trusted although it is not self-signed.
        _ = LibCrypto.X509_VERIFY_PARAM_set_flags(LibSsl.SSL_CTX_get0_param(context), PartialChain);
        var store = LibSsl.SSL_CTX_get_cert_store(context);
        foreach (var authority in Certificates(pem, "authority"))
        {
            using (authority)
            {
                Check(LibCrypto.X509_STORE_add_cert(store, authority), "An authority's certificate was refused");
            }
        }
    }

    private void Identify(ReadOnlySpan<byte> certificates, ReadOnlySpan<byte> keyPem)
    {
        var chain = Certificates(certificates, "client");
        using var key = Key(keyPem);
        if (chain.Count > 0 && key is not null)
        {
            Use(chain, key);
        }

        chain.ForEach(certificate => certificate.Dispose());
    }

    private void Use(List<CertificateHandle> chain, PrivateKeyHandle key)
    {
        if (LibCrypto.X509_check_private_key(chain[0], key) != 1)
        {
            LibCrypto.ERR_clear_error();
            problems.Add("The private key does not belong to the first client certificate: they are a pair, or the leaf certificate must stand first.");
            return;
        }

        Check(LibSsl.SSL_CTX_use_certificate(context, chain[0]), "The client certificate was refused");
        Check(LibSsl.SSL_CTX_use_PrivateKey(context, key), "The client key was refused");
        foreach (var above in chain.Skip(1))
        {
            Check((int)LibSsl.SSL_CTX_ctrl_certificate(context, AddToChain, 1, above), "A certificate above the client's was refused");
        }
    }

    private List<CertificateHandle> Certificates(ReadOnlySpan<byte> pem, string whose)
    {
        var handles = new List<CertificateHandle>();
        var blocks = PemBlock.Read(pem, "CERTIFICATE");
        foreach (var block in blocks)
        {
            var handle = Decode(block.Content, (ref at, length) => LibCrypto.d2i_X509(0, ref at, length));
            if (handle.IsInvalid)
            {
                problems.Add($"{Ordinal(handles.Count, whose)} is no X.509 certificate ({OpenSslErrors.TakeText()}).");
                break;
            }

            handles.Add(handle);
        }

        if (blocks.Count == 0)
        {
            problems.Add($"No {whose} certificate: the PEM text has no '-----BEGIN CERTIFICATE-----' block.");
        }

        return handles;
    }

    private PrivateKeyHandle? Key(ReadOnlySpan<byte> pem)
    {
        var blocks = PemBlock.Read(pem, "PRIVATE KEY");
        try
        {
            if (blocks.Count != 1 || blocks[0].Label == "ENCRYPTED PRIVATE KEY")
            {
                problems.Add(blocks.Count == 1
                    ? "The private key is encrypted with a passphrase; give it without one."
                    : $"The key's PEM text has {blocks.Count} '-----BEGIN … PRIVATE KEY-----' blocks instead of one.");
                return null;
            }

            var key = Decode(blocks[0].Content, (ref at, length) => LibCrypto.d2i_AutoPrivateKey(0, ref at, length));
            if (!key.IsInvalid)
            {
                return key;
            }

            problems.Add($"The '{blocks[0].Label}' block is no private key that OpenSSL can read ({OpenSslErrors.TakeText()}).");
            return null;
        }
        finally
        {
            blocks.ForEach(block => block.Dispose());
        }
    }

    private delegate T Decoder<T>(ref nint at, nint length);

    private static unsafe T Decode<T>(ReadOnlySpan<byte> der, Decoder<T> decode)
    {
        fixed (byte* start = der)
        {
            var at = (nint)start;
            return decode(ref at, der.Length);
        }
    }

    private void Check(int result, string failure)
    {
        if (result != 1)
        {
            problems.Add($"{failure} ({OpenSslErrors.TakeText()}).");
        }
    }

    private static string Ordinal(int index, string whose) => $"The {whose} certificate number {index + 1}";
}
