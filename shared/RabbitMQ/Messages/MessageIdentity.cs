using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ebb.Storage;

namespace Ebb.RabbitMq.Messages;

/// <summary>
/// Which run a message is. A message that a worker sent on carries its run's id; else the id is derived from queue, sender and message-id, so that the
/// same message is the same run however often it comes, and nobody's message is another sender's run. A message without message-id cannot be
/// told from its twin: each delivery is a run.
/// </summary>
internal static class MessageIdentity
{
    public static (RunId Id, bool IsStable) Of(string queue, string? sender, string? carried, string? messageId, DateTimeOffset sentAt, TimeProvider time) =>
        RunId.TryParse(carried, out var known) ? (known, true)
        : string.IsNullOrEmpty(messageId) ? (RunId.New(time), false)
        : (Derive($"{queue}\n{sender}\n{messageId}", sentAt), true);

    // The form of a version 7 UUID (RFC 9562, section 5.7), so that runs still sort by time; what is random there is the hash.
    private static RunId Derive(string message, DateTimeOffset sentAt)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(message), bytes);
        Span<byte> stamp = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(stamp, Math.Max(0, sentAt.ToUnixTimeMilliseconds()));
        stamp[2..].CopyTo(bytes);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new(new Guid(bytes[..16], bigEndian: true));
    }
}
