using System.Buffers.Binary;

namespace Ebb.EtcdBackup.Bolt.Keyspace;

/// <summary>
/// The key of an entry in the bucket <c>key</c>: 8 bytes main revision, <c>_</c>, 8 bytes sub revision, and <c>t</c> where it
/// is a deletion (etcd 3.5, mvcc/revision.go and mvcc/key_index.go).
/// </summary>
internal readonly record struct RevisionKey(long Main, long Sub, bool IsTombstone)
{
    private const int Bytes = 17;

    public static bool TryParse(ReadOnlySpan<byte> key, out RevisionKey revision)
    {
        revision = default;
        if (key.Length is not (Bytes or Bytes + 1) || key[8] != '_' || (key.Length > Bytes && key[Bytes] != 't'))
        {
            return false;
        }

        revision = new RevisionKey(BinaryPrimitives.ReadInt64BigEndian(key), BinaryPrimitives.ReadInt64BigEndian(key[9..]), key.Length > Bytes);
        return revision is { Main: >= 0, Sub: >= 0 };
    }
}
