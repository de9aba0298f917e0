using System.Buffers;
using System.Text;

namespace Ebb.Age;

/// <summary>Reads a header line by line, strictly (C2SP age, "Header"): there is one way to write every header.</summary>
internal sealed class HeaderParser
{
    /// <summary>A limit of ours: about 2,500 X25519 recipients.</summary>
    public const int MostBytes = 256 * 1024;

    private const string Version = "age-encryption.org/v1";
    private const int BodyColumns = 64;

    private readonly List<Stanza> _stanzas = [];
    private readonly ArrayBufferWriter<byte> _raw = new();
    private string[]? _opened;
    private List<byte> _body = [];
    private bool _hasVersion;

    public IReadOnlyList<Stanza> Stanzas => _stanzas;

    /// <summary>Set when the header is complete.</summary>
    public byte[]? Mac { get; private set; }

    /// <summary>What the MAC is computed over.</summary>
    public ReadOnlySpan<byte> Authenticated => _raw.WrittenSpan;

    /// <summary>Takes the next line, without its line feed.</summary>
    /// <exception cref="AgeException">It is malformed there.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var line = Encoding.Latin1.GetString(bytes);
        if (!_hasVersion)
        {
            RequireVersion(line);
            _hasVersion = true;
        }
        else if (_opened is not null)
        {
            AddBody(line);
        }
        else if (line.StartsWith("---", StringComparison.Ordinal))
        {
            _raw.Write("---"u8);
            Mac = ReadMac(line);
            return;
        }
        else
        {
            _opened = ReadArguments(line);
        }

        _raw.Write(bytes);
        _raw.Write("\n"u8);
    }

    public static AgeException Malformed(string what) => new(AgeFailure.Header, $"The age header is malformed: {what}.");

    private static void RequireVersion(string line)
    {
        if (line == Version)
        {
            return;
        }

        throw line.StartsWith("-----BEGIN AGE ENCRYPTED FILE-----", StringComparison.Ordinal)
            ? new AgeException(AgeFailure.Header, "The age file is armored (text); only the binary form is read here: 'age --decrypt' reads both.")
            : new AgeException(AgeFailure.Header, $"This is no age file of version 1: it does not begin with '{Version}'.");
    }

    private static string[] ReadArguments(string line)
    {
        var arguments = line.StartsWith("-> ", StringComparison.Ordinal) ? line[3..].Split(' ') : [];
        return arguments.Length > 0 && arguments.All(argument => argument.Length > 0 && argument.All(character => character is >= '!' and <= '~'))
            ? arguments
            : throw Malformed("a stanza begins with '-> ' and arguments of visible characters");
    }

    private static byte[] ReadMac(string line) =>
        line.StartsWith("--- ", StringComparison.Ordinal) && HeaderBase64.TryDecode(line.AsSpan(4)) is { Length: FileKey.MacLength } mac
            ? mac
            : throw Malformed("the last line is '--- ' and the code (MAC) of 32 bytes");

    private void AddBody(string line)
    {
        var part = line.Length <= BodyColumns ? HeaderBase64.TryDecode(line) : null;
        _body.AddRange(part ?? throw Malformed($"a stanza's body is canonical base64 without padding, {BodyColumns} characters on a line"));
        if (line.Length < BodyColumns)
        {
            _stanzas.Add(new Stanza(_opened![0], _opened[1..], [.. _body]));
            (_opened, _body) = (null, []);
        }
    }
}
