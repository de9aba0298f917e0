using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ebb.Storage.Postgres;

/// <summary>
/// The names of notification channels, which are shared by the whole database and have at most 63 characters, and of
/// advisory locks, which are numbers.
/// </summary>
internal sealed class Channels(string schema)
{
    /// <summary>Told when a message may have become takeable. The payload is in how many microseconds it will be; empty means now.</summary>
    public string Queue(string queue) => $"ebb_{Convert.ToHexStringLower(Hash("queue", queue))}";

    /// <summary>Told the id of a run that ended and that somebody waits for.</summary>
    public string RunEnded { get; } = "ebb_runs_" + schema;

    /// <summary>The lock that orders what happens to one sequence.</summary>
    public long Sequence(string queue, string key) => BinaryPrimitives.ReadInt64LittleEndian(Hash("sequence", queue, key));

    private ReadOnlySpan<byte> Hash(params ReadOnlySpan<string> parts) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [schema, .. parts]))).AsSpan(0, 12);
}
