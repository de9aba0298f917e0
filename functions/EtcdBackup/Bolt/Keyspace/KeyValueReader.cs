namespace Ebb.EtcdBackup.Bolt.Keyspace;

/// <summary>
/// Finds the key in a stored <c>mvccpb.KeyValue</c> and checks that the rest is a message (etcd 3.5, api/mvccpb/kv.proto: key=1
/// bytes, create_revision=2, mod_revision=3, version=4, value=5 bytes, lease=6). Values of any length are passed over unread.
/// </summary>
internal static class KeyValueReader
{
    private const int MaxVarintBytes = 10;
    private const ulong KeyField = 1;
    private const ulong ValueField = 5;
    private const ulong LastField = 6;

    private enum Wire : byte
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>The part of the value that is the key; empty when it has none. False when it is no such message.</summary>
    public static bool TryFindKey(BoltValue value, out long offset, out int length)
    {
        (offset, length) = (0, 0);
        var position = 0L;
        while (position < value.Length)
        {
            if (!TryReadVarint(value, ref position, out var tag) || !TryReadField(value, ref position, tag, out var content))
            {
                return false;
            }

            if (tag >> 3 == KeyField)
            {
                (offset, length) = (position - content, (int)content);
            }
        }

        return true;
    }

    // Moves behind the field; content is the length of a field of bytes.
    private static bool TryReadField(BoltValue value, ref long position, ulong tag, out long content)
    {
        var wire = (Wire)(tag & 7);
        content = 0;
        if (!IsExpected(tag >> 3, wire))
        {
            return false;
        }

        switch (wire)
        {
            case Wire.Varint:
                return TryReadVarint(value, ref position, out _);
            case Wire.Bytes:
                if (!TryReadVarint(value, ref position, out var length) || length > (ulong)Math.Min(value.Length - position, int.MaxValue))
                {
                    return false;
                }

                content = (long)length;
                break;
        }

        position += wire switch { Wire.Fixed64 => sizeof(ulong), Wire.Fixed32 => sizeof(uint), _ => content };
        return position <= value.Length;
    }

    // Fields that are not known yet may come with any type.
    private static bool IsExpected(ulong field, Wire wire) => field switch
    {
        0 => false,
        KeyField or ValueField => wire == Wire.Bytes,
        <= LastField => wire == Wire.Varint,
        _ => wire is Wire.Varint or Wire.Fixed64 or Wire.Bytes or Wire.Fixed32,
    };

    private static bool TryReadVarint(BoltValue value, ref long position, out ulong number)
    {
        number = 0;
        var bytes = value.Read(position, (int)Math.Min(MaxVarintBytes, value.Length - position));
        for (var i = 0; i < bytes.Length; i++)
        {
            number |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                position += i + 1;
                return true;
            }
        }

        return false;
    }
}
