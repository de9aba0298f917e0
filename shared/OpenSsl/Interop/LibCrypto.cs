using System.Runtime.InteropServices;

namespace Ebb.OpenSsl.Interop;

/// <summary>Functions of libcrypto, named as its manual pages are (section 3, OpenSSL 3.0).</summary>
internal static partial class LibCrypto
{
    private const string Name = OpenSslLibrary.Crypto;

    [LibraryImport(Name)]
    public static partial nuint OpenSSL_version_num();

    [LibraryImport(Name)]
    public static partial nuint ERR_get_error();

    [LibraryImport(Name)]
    public static partial void ERR_clear_error();

    [LibraryImport(Name)]
    public static partial nint ERR_reason_error_string(nuint code);

    [LibraryImport(Name)]
    public static partial PrivateKeyHandle EVP_PKEY_new_raw_private_key(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Name)]
    public static partial PrivateKeyHandle EVP_PKEY_new_raw_public_key(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_get_raw_private_key(PrivateKeyHandle key, Span<byte> destination, ref nuint length);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_get_raw_public_key(PrivateKeyHandle key, Span<byte> destination, ref nuint length);

    [LibraryImport(Name)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Name)]
    public static partial KeyContextHandle EVP_PKEY_CTX_new_id(int type, nint engine);

    [LibraryImport(Name)]
    public static partial KeyContextHandle EVP_PKEY_CTX_new(PrivateKeyHandle key, nint engine);

    [LibraryImport(Name)]
    public static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_keygen_init(KeyContextHandle context);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_keygen(KeyContextHandle context, out PrivateKeyHandle key);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_derive_init(KeyContextHandle context);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_derive_set_peer(KeyContextHandle context, PrivateKeyHandle peer);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_derive(KeyContextHandle context, Span<byte> secret, ref nuint length);

    [LibraryImport(Name)]
    public static partial PrivateKeyHandle d2i_AutoPrivateKey(nint key, ref nint der, nint length);

    [LibraryImport(Name)]
    public static partial CertificateHandle d2i_X509(nint certificate, ref nint der, nint length);

    [LibraryImport(Name)]
    public static partial int i2d_X509(nint certificate, nint destination);

    [LibraryImport(Name, EntryPoint = "i2d_X509")]
    public static partial int i2d_X509_to(nint certificate, ref nint destination);

    [LibraryImport(Name)]
    public static partial void X509_free(nint certificate);

    [LibraryImport(Name)]
    public static partial int X509_check_private_key(CertificateHandle certificate, PrivateKeyHandle key);

    [LibraryImport(Name)]
    public static partial int X509_STORE_add_cert(nint store, CertificateHandle certificate);

    [LibraryImport(Name)]
    public static partial nint X509_STORE_CTX_get_current_cert(nint context);

    [LibraryImport(Name)]
    public static partial int X509_STORE_CTX_get_error(nint context);

    [LibraryImport(Name)]
    public static partial int X509_STORE_CTX_get_error_depth(nint context);

    [LibraryImport(Name)]
    public static partial nint X509_verify_cert_error_string(nint code);

    [LibraryImport(Name)]
    public static partial void X509_VERIFY_PARAM_set_hostflags(nint parameters, uint flags);

    [LibraryImport(Name)]
    public static partial int X509_VERIFY_PARAM_set_flags(nint parameters, nuint flags);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int X509_VERIFY_PARAM_set1_host(nint parameters, string name, nuint length);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int X509_VERIFY_PARAM_set1_ip_asc(nint parameters, string address);

    [LibraryImport(Name)]
    public static partial nint X509_NAME_oneline(nint name, Span<byte> destination, int length);

    [LibraryImport(Name)]
    public static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport(Name)]
    public static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport(Name)]
    public static partial nint BIO_s_mem();

    [LibraryImport(Name)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(Name)]
    public static partial nint BIO_ctrl(nint bio, int command, nint number, nint pointer);

    [LibraryImport(Name)]
    public static partial int BIO_read(nint bio, Span<byte> destination, int length);

    [LibraryImport(Name)]
    public static partial int BIO_write(nint bio, ReadOnlySpan<byte> source, int length);
}
