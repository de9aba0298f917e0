using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Http;

/// <summary>
/// The keys in <c>FunctionKeys:Directory</c>, read again when they are asked for and older than a second: a rotated
/// Kubernetes secret (a swapped symlink) holds without a restart. Without keys everything that needs one stays closed.
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

    /// <summary>Finds the key that was shown among those that <paramref name="opens"/> lets in; null when there is none.</summary>
    public FunctionKey? Find(string shown, Func<FunctionKey, bool> opens)
    {
        var hash = FunctionKey.Hash(shown);
        FunctionKey? found = null;
        foreach (var key in Current())
        {
            // Every candidate is compared, so that the time taken says nothing about which one matched.
            var matches = key.Matches(hash) & opens(key);
            found = matches ? key : found;
        }

        return found;
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
            return [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(logger, directory, unreadable);
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
            var keys = ReadKeys(scopes);
            if (KeyScopes.ReadText(directory) == text)
            {
                Report(text, scopes, problem);
                return keys;
            }
        }

        _isRead = false;
        return [];
    }

    private void Report(string? text, KeyScopes scopes, string? problem)
    {
        if (text == _reported)
        {
            return;
        }

        _reported = text;
        if (problem is not null)
        {
            LogScopesUnreadable(logger, Path.Combine(directory, KeyScopes.FileName), problem);
        }

        foreach (var file in scopes.KeyFiles.Where(file => !File.Exists(Path.Combine(directory, file))))
        {
            LogScopeOfNothing(logger, Path.Combine(directory, KeyScopes.FileName), file);
        }
    }

    private List<FunctionKey> ReadKeys(KeyScopes scopes)
    {
        var keys = new List<FunctionKey>();
        foreach (var path in System.IO.Directory.EnumerateFiles(directory))
        {
            var name = Path.GetFileName(path);
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
