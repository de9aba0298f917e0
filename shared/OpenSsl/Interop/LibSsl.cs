using System.Runtime.InteropServices;

namespace Ebb.OpenSsl.Interop;

/// <summary>Functions of libssl, named as its manual pages are (section 3, OpenSSL 3.0).</summary>
internal static partial class LibSsl
{
    private const string Name = OpenSslLibrary.Ssl;

    [LibraryImport(Name)]
    public static partial int OPENSSL_init_ssl(ulong options, nint settings);

    [LibraryImport(Name)]
    public static partial nint TLS_client_method();

    [LibraryImport(Name)]
    public static partial TlsContextHandle SSL_CTX_new(nint method);

    [LibraryImport(Name)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial nint SSL_CTX_ctrl(TlsContextHandle context, int command, nint number, nint pointer);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint SSL_CTX_ctrl_certificate(TlsContextHandle context, int command, nint number, CertificateHandle certificate);

    [LibraryImport(Name)]
    public static partial ulong SSL_CTX_set_options(TlsContextHandle context, ulong options);

    [LibraryImport(Name)]
    public static partial nint SSL_CTX_get_cert_store(TlsContextHandle context);

    [LibraryImport(Name)]
    public static partial nint SSL_CTX_get0_param(TlsContextHandle context);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_use_certificate(TlsContextHandle context, CertificateHandle certificate);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_use_PrivateKey(TlsContextHandle context, PrivateKeyHandle key);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_set_alpn_protos(TlsContextHandle context, ReadOnlySpan<byte> protocols, uint length);

    [LibraryImport(Name)]
    public static unsafe partial void SSL_CTX_set_verify(TlsContextHandle context, int mode, delegate* unmanaged<int, nint, int> callback);

    [LibraryImport(Name)]
    public static partial TlsHandle SSL_new(TlsContextHandle context);

    [LibraryImport(Name)]
    public static partial void SSL_free(nint tls);

    [LibraryImport(Name)]
    public static partial void SSL_set_bio(TlsHandle tls, nint read, nint write);

    [LibraryImport(Name)]
    public static partial void SSL_set_connect_state(TlsHandle tls);

    [LibraryImport(Name)]
    public static partial nint SSL_get0_param(TlsHandle tls);

    [LibraryImport(Name, EntryPoint = "SSL_ctrl", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint SSL_ctrl_name(TlsHandle tls, int command, nint number, string name);

    [LibraryImport(Name)]
    public static partial int SSL_do_handshake(TlsHandle tls);

    [LibraryImport(Name)]
    public static partial int SSL_read_ex(TlsHandle tls, Span<byte> destination, nuint length, out nuint read);

    [LibraryImport(Name)]
    public static partial int SSL_peek_ex(TlsHandle tls, Span<byte> destination, nuint length, out nuint read);

    [LibraryImport(Name)]
    public static partial int SSL_write_ex(TlsHandle tls, ReadOnlySpan<byte> source, nuint length, out nuint written);

    [LibraryImport(Name)]
    public static partial int SSL_shutdown(TlsHandle tls);

    [LibraryImport(Name)]
    public static partial int SSL_get_error(TlsHandle tls, int result);

    [LibraryImport(Name)]
    public static partial void SSL_get0_alpn_selected(TlsHandle tls, out nint protocol, out uint length);

    [LibraryImport(Name)]
    public static partial nint SSL_get0_peer_CA_list(TlsHandle tls);
}
