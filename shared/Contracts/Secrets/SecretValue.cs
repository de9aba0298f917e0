using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Ebb.Contracts.Images;

namespace Ebb.Contracts.Secrets;

/// <summary>A value that is left where it was read from, so that no string holds it.</summary>
/// <param name="Location">Where it stands.</param>
/// <param name="Element">The value.</param>
internal sealed record SecretValue(string Location, JsonElement Element) : ListNode(Location)
{
    /// <summary>The length of a text in UTF-8.</summary>
    /// <exception cref="InvalidOperationException">It holds half a surrogate pair, and is no text.</exception>
    public int ByteCount()
    {
        var raw = JsonMarshal.GetRawUtf8Value(Element);
        if (!raw.Contains((byte)'\\'))
        {
            return raw.Length - 2;
        }

        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var scratch = GC.AllocateUninitializedArray<byte>(raw.Length, pinned: true);
        try
        {
            return reader.CopyString(scratch);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scratch);
        }
    }
}
