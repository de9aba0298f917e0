using Ebb.Contracts;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Http;

/// <summary>
/// The keys in <c>FunctionKeys:Directory</c>, read again when they are asked for and older than a second: a rotated
/// Kubernetes secret (a swapped symlink) holds without a restart. Without keys everything that needs one stays closed. While
/// <c>scopes.json</c> names a key that is not there, the key that was meant may be any that is new: only keys that were there before it did are
/// let in, with the names they had.
/// </summary>
internal sealed partial class FunctionKeys(string directory, TimeProvider time, ILogger<FunctionKeys> logger)
{
    private const int MaxKeyBytes = 4096;
    private const int MaxAttempts = 3;
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private IReadOnlyList<FunctionKey> _keys = [];
    private long _readAt;
    private bool _isRead;
    private string? _reported;
    private (KeyScopes Scopes, HashSet<string> Files)? _good;
    private KeyScopes _scopes = KeyScopes.Nothing;
    private List<string> _problems = [];

    public string Directory => directory;

    /// <summary>The keys as they are now.</summary>
    public IReadOnlyList<FunctionKey> Current()
    {
        lock (_gate)
        {
            if (!_isRead || time.GetElapsedTime(_readAt) >= MaxAge)
            {
                _isRead = true;
                _keys = Read();
                _readAt = time.GetTimestamp();
            }

            return _keys;
        }
    }

    /// <summary>
    /// Who shows this, if <paramref name="opens"/> lets that key in; else null. A value in several files is one caller, called by the
    /// first of them: whoever holds it must not count as two.
    /// </summary>
    public Caller? Find(string shown, Func<FunctionKey, bool> opens)
    {
        var hash = FunctionKey.Hash(shown);
        FunctionKey? named = null;
        FunctionKey? opening = null;
        foreach (var key in Current())
        {
            // Every candidate is compared, so that the time taken says nothing about which one matched.
            var matches = key.Matches(hash);
            named = matches && named is null ? key : named;
            opening = matches & opens(key) && opening is null ? key : opening;
        }

        return opening is null ? null : new Caller(named!.Caller, opening.Scope);
    }

    /// <summary>What <c>scopes.json</c> lets a sender on the broker act on; null when it does not name it.</summary>
    public CallerScope? ScopeOfSender(string caller)
    {
        lock (_gate)
        {
            Current();
            return _scopes.OfSender(caller);
        }
    }

    /// <summary>Refuses to begin with scopes of keys that are not there.</summary>
    /// <exception cref="HostStartException">There are such; it names each, and the key that was probably meant.</exception>
    public void RequireScopesOfKeys()
    {
        Current();
        if (_problems.Count > 0)
        {
            throw new HostStartException(_problems);
        }
    }

    /// <summary>Says once that nothing will be let in.</summary>
    public void WarnIfNone()
    {
        if (Current().Count == 0)
        {
            LogNoKeys(logger, directory);
        }
    }

    private List<FunctionKey> Read()
    {
        try
        {
            return ReadFiles();
        }
        catch (DirectoryNotFoundException)
        {
            _scopes = KeyScopes.None;
            return [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(logger, directory, unreadable);
            _scopes = KeyScopes.Nothing;
            return [];
        }
    }

    // A rotation may swap the files between two reads: keys count only with the scopes they came with.
    private List<FunctionKey> ReadFiles()
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var text = KeyScopes.ReadText(directory);
            var scopes = KeyScopes.Parse(text, out var problem);
            var files = System.IO.Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).ToHashSet(StringComparer.Ordinal);
            var problems = ProblemsOf(scopes, files);
            var (held, let) = problems.Count == 0 ? (scopes, files)
                : _good is var (lastScopes, lastFiles) ? (lastScopes, files.Where(lastFiles.Contains))
                : (KeyScopes.Nothing, files);
            var keys = ReadKeys(held, let.Order(StringComparer.Ordinal));
            if (KeyScopes.ReadText(directory) == text)
            {
                _scopes = held;
                _problems = problems;
                _good = problem is null && problems.Count == 0 ? (scopes, files) : _good;
                Report(text, problem);
                return keys;
            }
        }

        _isRead = false;
        return [];
    }

    // Where there is no key none can be meant: a process without HTTP functions is given the scopes of senders and not the keys.
    private List<string> ProblemsOf(KeyScopes scopes, HashSet<string> files)
    {
        var keys = files.Where(FunctionKey.IsName).Order(StringComparer.Ordinal).ToList();
        var file = Path.Combine(directory, KeyScopes.FileName);
        return
        [
            .. scopes.WrongSenders.Select(name => $"{file} names '{name}', which is no sender; write rabbitmq:user/<name> or rabbitmq:queue/<name>. Correct the name there, or take it out"),
            .. scopes.KeyFiles.Where(key => keys.Count > 0 && !files.Contains(key)).Order(StringComparer.Ordinal).Select(key =>
            {
                var advice = NearestName.Of(key, keys) is { } near ? $"did you mean '{near}'?" : $"there are {string.Join(", ", keys)}.";
                return $"{file} limits '{key}', and there is no such key; {advice} Correct the name there, or take it out";
            }),
        ];
    }

    private void Report(string? text, string? problem)
    {
        var found = string.Join('\n', _problems.Prepend(text));
        if (found == _reported)
        {
            return;
        }

        _reported = found;
        if (problem is not null)
        {
            LogScopesUnreadable(logger, Path.Combine(directory, KeyScopes.FileName), problem);
        }

        var consequence = _good is null ? "every key but the master key is limited to nothing" : "no new key is let in, and those that were there keep the names they had";
        foreach (var wrong in _problems)
        {
            LogScopeOfNothing(logger, wrong, consequence);
        }
    }

    private List<FunctionKey> ReadKeys(KeyScopes scopes, IEnumerable<string> files)
    {
        var keys = new List<FunctionKey>();
        foreach (var name in files)
        {
            var path = Path.Combine(directory, name);
            try
            {
                if (new FileInfo(path).Length <= MaxKeyBytes && FunctionKey.TryCreate(name, File.ReadAllText(path), scopes) is { } key)
                {
                    keys.Add(key);
                }
                else
                {
                    LogIgnored(logger, name, directory);
                }
            }
            catch (FileNotFoundException)
            {
                // Taken away by a rotation that is under way; the next read sees the new files.
                _isRead = false;
            }
        }

        return keys;
    }
}
