using System.Text.Json;
using Ebb.Worker.Json;

namespace Ebb.Worker.Http;

/// <summary>
/// The file <c>scopes.json</c> beside the keys: <c>{"host.function.ci-shop": ["shop", "shop-*"]}</c> limits the key of that file to
/// these names, and may name no key that is not there. <c>rabbitmq:user/…</c> and <c>rabbitmq:queue/…</c> name senders on the broker.
/// A file that cannot be understood limits every key but the master key, and every sender, to nothing.
/// </summary>
internal sealed class KeyScopes
{
    public const string FileName = "scopes.json";

    private const string SenderKind = "rabbitmq:";
    private const int MaxFileBytes = 256 * 1024;

    /// <summary>Limits nobody: there is no file.</summary>
    public static KeyScopes None { get; } = new([]);

    /// <summary>Limits every key but the master key, and every sender, to nothing.</summary>
    public static KeyScopes Nothing { get; } = new(null);

    private readonly KeyNames? _names;

    private KeyScopes(KeyNames? names) => _names = names;

    /// <summary>The key files that are limited.</summary>
    public IEnumerable<string> KeyFiles => Names.Where(name => !IsOfSenders(name));

    /// <summary>Names that are meant for senders and cannot be any's.</summary>
    public IEnumerable<string> WrongSenders => Names.Where(name => IsOfSenders(name) && !CallerNames.IsSender(name)).Order(StringComparer.Ordinal);

    private IEnumerable<string> Names => _names?.Keys ?? Enumerable.Empty<string>();

    /// <summary>The file's text; null when there is none.</summary>
    /// <exception cref="IOException">It is there, and cannot be read or is too long.</exception>
    public static string? ReadText(string directory)
    {
        var file = new FileInfo(Path.Combine(directory, FileName));
        return !file.Exists ? null
            : file.Length <= MaxFileBytes ? File.ReadAllText(file.FullName)
            : throw new IOException($"{file.FullName} has {file.Length} bytes; at most {MaxFileBytes} are read.");
    }

    /// <summary>Understands the text; <paramref name="problem"/> says why it cannot be.</summary>
    public static KeyScopes Parse(string? text, out string? problem)
    {
        problem = null;
        try
        {
            var names = text is null ? [] : JsonSerializer.Deserialize(text, WorkerJson.Default.KeyNames);
            if (names?.Values.All(list => list is not null && list.All(name => !string.IsNullOrWhiteSpace(name))) is true)
            {
                return new(names);
            }

            problem = "a value in it is no list of names";
        }
        catch (JsonException invalid)
        {
            problem = invalid.Message;
        }

        return Nothing;
    }

    public CallerScope Of(string keyFile)
    {
        if (keyFile == FunctionKey.MasterFile)
        {
            return CallerScope.Everything;
        }

        return _names is null ? CallerScope.Of([]) : _names.TryGetValue(keyFile, out var names) ? CallerScope.Of(names) : CallerScope.Everything;
    }

    /// <summary>What a sender on the broker may act on; null when nothing is said of it.</summary>
    public CallerScope? OfSender(string caller) =>
        _names is null ? CallerScope.Of([]) : _names.TryGetValue(caller, out var names) ? CallerScope.Of(names) : null;

    private static bool IsOfSenders(string name) => name.StartsWith(SenderKind, StringComparison.Ordinal);
}
