using System.Runtime.InteropServices;

namespace Ebb.OpenSsl.Interop;

/// <summary>The error queue that OpenSSL keeps for each thread: ask it on the thread of the failed call, before any other call.</summary>
internal static class OpenSslErrors
{
    private const int SslLibrary = 20;

    /// <summary>The newest error's number within libssl, 0 when it is none of libssl's. Empties the queue.</summary>
    public static (int SslReason, string Text) Take()
    {
        var (reason, texts) = (0, new List<string>());
        while (LibCrypto.ERR_get_error() is var code and not 0)
        {
            var isSystem = (code & 0x8000_0000) != 0;
            if (!isSystem && ((code >> 23) & 0xff) == SslLibrary)
            {
                reason = (int)(code & 0x7f_ffff);
            }

            if (Marshal.PtrToStringUTF8(LibCrypto.ERR_reason_error_string(code)) is { } text)
            {
                texts.Add(text);
            }
        }

        return (reason, texts.Count == 0 ? "OpenSSL gave no reason" : string.Join(", ", texts.Distinct()));
    }

    public static string TakeText() => Take().Text;
}
