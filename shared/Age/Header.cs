using System.Security.Cryptography;
using System.Text;

namespace Ebb.Age;

/// <summary>Writes headers, and gets the file key out of parsed ones.</summary>
internal static class Header
{
    private const int MostRecipients = 1000;

    /// <summary>A new header for these recipients.</summary>
    public static byte[] Write(FileKey fileKey, IReadOnlyCollection<AgeRecipient> recipients)
    {
        if (recipients.Count is 0 or > MostRecipients)
        {
            throw new ArgumentException($"An age file needs 1 to {MostRecipients} recipients, not {recipients.Count}.", nameof(recipients));
        }

        var text = new StringBuilder("age-encryption.org/v1\n");
        foreach (var recipient in recipients)
        {
            var stanza = X25519Stanza.Wrap(fileKey, recipient);
            text.Append("-> ").Append(stanza.Type).Append(' ').AppendJoin(' ', stanza.Arguments).Append('\n');
            text.Append(HeaderBase64.Encode(stanza.Body)).Append('\n');
        }

        text.Append("---");
        var mac = fileKey.Mac(Encoding.ASCII.GetBytes(text.ToString()));
        return Encoding.ASCII.GetBytes($"{text} {HeaderBase64.Encode(mac)}\n");
    }

    /// <exception cref="AgeException">No identity fits, a stanza is malformed, or the header was changed.</exception>
    public static FileKey Open(HeaderParser header, IReadOnlyCollection<AgeIdentity> identities)
    {
        if (header.Stanzas.Any(stanza => stanza.Type == "scrypt"))
        {
            throw header.Stanzas.Count == 1
                ? new AgeException(AgeFailure.NoMatch, "The age file is encrypted with a passphrase, which is not supported here: decrypt it with the age tool.")
                : HeaderParser.Malformed("a passphrase stanza stands beside others");
        }

        var fileKey = Unwrap(header, identities);
        if (CryptographicOperations.FixedTimeEquals(fileKey.Mac(header.Authenticated), header.Mac))
        {
            return fileKey;
        }

        fileKey.Dispose();
        throw new AgeException(AgeFailure.HeaderMac, "The age header was changed after encryption: its code (MAC) does not fit.");
    }

    private static FileKey Unwrap(HeaderParser header, IReadOnlyCollection<AgeIdentity> identities)
    {
        var stanzas = header.Stanzas.Where(stanza => stanza.Type == X25519Stanza.Type).ToArray();
        foreach (var identity in identities)
        {
            foreach (var stanza in stanzas)
            {
                if (X25519Stanza.TryUnwrap(stanza, identity) is { } fileKey)
                {
                    return fileKey;
                }
            }
        }

        var tried = identities.Count switch
        {
            0 => "no identity is at hand",
            1 => $"the identity at hand is that of {identities.First().Recipient}",
            _ => $"none of the {identities.Count} identities at hand fits",
        };
        throw new AgeException(AgeFailure.NoMatch, $"The age file is encrypted to {header.Stanzas.Count} other recipient(s): {tried}. Give the identity of a recipient it was encrypted to.");
    }
}
