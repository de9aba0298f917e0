using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Ebb.EtcdBackup.Bolt.Keyspace;

/// <summary>
/// How many keys stand under each prefix of two path segments: <c>/registry/pods/default/web-0</c> counts for
/// <c>/registry/pods</c>, <c>/registry/health</c> for <c>/registry</c>, so that no whole key is ever shown.
/// </summary>
internal sealed class PrefixCounts
{
    /// <summary>Of a key no more is looked at.</summary>
    public const int MaxBytes = 128;

    /// <summary>What no prefix of its own is left for.</summary>
    public const string Others = "(others)";

    /// <summary>What stands under no prefix.</summary>
    public const string None = "(none)";

    private const int MaxPrefixes = 256;
    private const int Segments = 2;

    private readonly Dictionary<string, long> _counts = [];
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public PrefixCounts() => _byText = _counts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The prefixes that have keys, the largest first.</summary>
    public IReadOnlyDictionary<string, long> Counts => new Dictionary<string, long>(
        _counts.Where(pair => pair.Value != 0).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal));

    /// <summary>Counts a key, of which at least the first <see cref="MaxBytes"/> are given.</summary>
    public void Add(ReadOnlySpan<byte> key, long by)
    {
        Span<char> characters = stackalloc char[MaxBytes];
        var prefix = Text(Prefix(key), characters);
        ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(_byText, prefix);
        if (!Unsafe.IsNullRef(ref count))
        {
            count += by;
            return;
        }

        var name = _counts.Count < MaxPrefixes ? prefix.ToString() : Others;
        _counts[name] = _counts.GetValueOrDefault(name) + by;
    }

    private static ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> key)
    {
        var end = 0;
        for (var segments = 0; segments < Segments; segments++)
        {
            // The slash before a segment opens it and closes none; the first may have none.
            var begin = end + (key[end..].StartsWith("/"u8) ? 1 : 0);
            var length = key[begin..].IndexOf((byte)'/');
            if (length <= 0)
            {
                break;
            }

            end = begin + length;
        }

        return key[..end];
    }

    private static ReadOnlySpan<char> Text(ReadOnlySpan<byte> prefix, Span<char> characters)
    {
        if (prefix.IsEmpty)
        {
            return None;
        }

        var text = characters[..Encoding.UTF8.GetChars(prefix, characters)];
        foreach (ref var character in text)
        {
            character = char.IsControl(character) ? '\uFFFD' : character;
        }

        return text;
    }
}
