using System.Security.Cryptography;
using System.Text;

namespace Ebb.OpenSsl.Tls;

/// <summary>What stands between one BEGIN and END (RFC 7468). Overwritten on disposal.</summary>
internal sealed class PemBlock(string label, byte[] content) : IDisposable
{
    public string Label => label;

    public ReadOnlySpan<byte> Content => content;

    /// <summary>The blocks whose label ends as given, such as <c>PRIVATE KEY</c>.</summary>
    public static List<PemBlock> Read(ReadOnlySpan<byte> pem, string labelEnd)
    {
        var blocks = new List<PemBlock>();
        var text = GC.AllocateUninitializedArray<char>(pem.Length, pinned: true);
        try
        {
            Encoding.Latin1.GetChars(pem, text);
            for (ReadOnlySpan<char> rest = text; PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
            {
                if (rest[fields.Label].EndsWith(labelEnd))
                {
                    var content = GC.AllocateUninitializedArray<byte>(fields.DecodedDataLength, pinned: true);
                    Convert.TryFromBase64Chars(rest[fields.Base64Data], content, out _);
                    blocks.Add(new PemBlock(rest[fields.Label].ToString(), content));
                }
            }
        }
        finally
        {
            Array.Clear(text);
        }

        return blocks;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(content);
}
