using Microsoft.Extensions.Logging;

namespace Ebb.Webhooks.Git.Hooks;

/// <summary>
/// The secrets of the hooks: <c>&lt;hook&gt;.current</c> and <c>&lt;hook&gt;.previous</c>, both valid at once. Read again when older than
/// a second, so that a rotated Kubernetes secret holds without a restart. A hook without a readable secret stays closed.
/// </summary>
internal sealed partial class HookSecrets(GitHooksOptions options, TimeProvider time, ILogger<HookSecrets> logger)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly (HookSecret Current, HookSecret Previous) _none = (HookSecret.Decoy(), HookSecret.Decoy());
    private Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _readAt;

    /// <summary>Both secrets of a hook; decoys for a hook that does not exist.</summary>
    public (HookSecret Current, HookSecret Previous) Of(GitHook? hook)
    {
        var entry = Current().GetValueOrDefault(hook?.Name ?? "");
        return (entry?.Current ?? _none.Current, entry?.Previous ?? _none.Previous);
    }

    // All of them are read whichever is asked for: the time taken says nothing about which hooks there are.
    private Dictionary<string, Entry> Current()
    {
        lock (_gate)
        {
            if (_entries.Count == 0 || time.GetElapsedTime(_readAt) >= MaxAge)
            {
                _entries = options.Hooks.Keys.ToDictionary(hook => hook, hook => Read(hook, _entries.GetValueOrDefault(hook)), StringComparer.Ordinal);
                _readAt = time.GetTimestamp();
            }

            return _entries;
        }
    }

    private Entry Read(string hook, Entry? before)
    {
        var (current, problem) = ReadFile($"{hook}.current", required: true);
        var (previous, second) = ReadFile($"{hook}.previous", required: false);
        problem ??= second;
        if (problem is not null && problem != before?.Problem)
        {
            LogUnusable(logger, hook, problem);
        }

        return new Entry(current, previous, problem);
    }

    private (HookSecret? Secret, string? Problem) ReadFile(string name, bool required)
    {
        var path = Path.Combine(options.SecretsDirectory, name);
        try
        {
            if (new FileInfo(path).Length > HookSecret.MaxLength)
            {
                return (null, $"{path} has more than {HookSecret.MaxLength} bytes");
            }

            return HookSecret.Of(File.ReadAllText(path).Trim()) is { } secret
                ? (secret, null)
                : (null, $"{path} holds less than {HookSecret.MinLength} bytes or a whsec_ token that is not base64; write a long random secret");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, required ? $"{path} does not exist" : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"{path} cannot be read: {exception.Message}");
        }
    }

    private sealed record Entry(HookSecret? Current, HookSecret? Previous, string? Problem);
}
