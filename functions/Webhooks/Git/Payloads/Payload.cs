using System.Globalization;
using System.Text.Json;
using Ebb.Contracts.Images;
using Ebb.Contracts.PullRequests;

namespace Ebb.Webhooks.Git.Payloads;

/// <summary>
/// Reads a payload's members by path (<c>pull_request.head.sha</c>). What must be there and is not, or is of another kind, is named;
/// what nobody asks for is ignored.
/// </summary>
internal sealed class Payload(JsonElement root, ListProblems problems)
{
    /// <summary>Whether anything is there that is not null.</summary>
    public bool Has(string path) => Find(path) is { ValueKind: not JsonValueKind.Null };

    /// <summary>A text; null when it is missing or null.</summary>
    public string? Text(string path) => Find(path) is { } element ? TextOf(element, path) : null;

    /// <summary>A text that must be there.</summary>
    public string NeededText(string path) => Text(path) is { Length: > 0 } text ? text : Missing(path, "");

    /// <summary>A number from 1 that must be there.</summary>
    public int NeededNumber(string path) =>
        Find(path) is { ValueKind: JsonValueKind.Number } element && element.TryGetInt32(out var number) && number > 0 ? number : Missing(path, 0);

    /// <summary>An id, written as a number or as text; null when it is missing or null.</summary>
    public string? Id(string path) => Find(path) switch
    {
        { ValueKind: JsonValueKind.Number } element => element.TryGetInt64(out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
        { ValueKind: JsonValueKind.String } element => TextOf(element, path),
        _ => null,
    };

    /// <summary>An id that must be there.</summary>
    public string NeededId(string path) => Id(path) ?? Missing(path, "");

    /// <summary>A flag; false when it is missing.</summary>
    public bool Flag(string path) => Find(path) is { ValueKind: JsonValueKind.True };

    /// <summary>A commit; null when it is missing or null, named when it is no commit.</summary>
    public CommitSha? Commit(string path)
    {
        if (Text(path) is not { } text)
        {
            return null;
        }

        return CommitSha.TryParse(text, out var sha) ? sha : Wrong<CommitSha?>(path, "is no commit's name", null);
    }

    /// <summary>A branch that must be there, without <c>refs/heads/</c>.</summary>
    public string Branch(string path)
    {
        const string prefix = "refs/heads/";
        var name = NeededText(path);
        return name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
    }

    /// <summary>A state that must be there, by the host's words for it.</summary>
    public PullRequestState State(string path, string[] open, string[] closed, string[] merged)
    {
        var word = NeededText(path);
        return merged.Contains(word) ? PullRequestState.Merged
            : closed.Contains(word) ? PullRequestState.Closed
            : open.Contains(word) || word.Length == 0 ? PullRequestState.Open
            : Wrong(path, $"must be one of {string.Join(", ", [.. open, .. closed, .. merged])}", PullRequestState.Open);
    }

    /// <summary>An http or https address without a user; null when it is missing or of another kind (SSH).</summary>
    public Uri? Address(string path) =>
        Uri.TryCreate(Text(path), UriKind.Absolute, out var address) && PullRequestEventRules.IsAddress(address) ? address : null;

    /// <summary>A time in one of the forms that hosts use; null when it is missing or in another.</summary>
    public DateTimeOffset? Time(string path) => Find(path) switch
    {
        { ValueKind: JsonValueKind.String } element => HostTime.Parse(TextOf(element, path)),
        { ValueKind: JsonValueKind.Number } element when element.TryGetInt64(out var milliseconds) => HostTime.FromEpoch(milliseconds),
        _ => null,
    };

    /// <summary>The texts that the objects of a list have under a key.</summary>
    public IReadOnlyList<string> Texts(string path, string key) => Find(path) is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray()
            .Select(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(key, out var value) ? TextOf(value, $"{path}[].{key}") : null)
            .OfType<string>()]
        : [];

    /// <summary>The address of the first link of a list with a name (Bitbucket's <c>links.clone</c>).</summary>
    public Uri? Link(string path, string name) => Find(path) is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray()
            .Where(link => link.ValueKind == JsonValueKind.Object && link.TryGetProperty("name", out var value) && value.ValueEquals(name))
            .Select(link => new Payload(link, problems).Address("href"))
            .FirstOrDefault(address => address is not null)
        : null;

    /// <summary>Names a value that is there and cannot be.</summary>
    public T Wrong<T>(string path, string why, T fallback)
    {
        problems.Add(path, why);
        return fallback;
    }

    private T Missing<T>(string path, T fallback) => Wrong(path, "is missing or not what it should be", fallback);

    private string? TextOf(JsonElement element, string path)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is JSON, but no text.
            return Wrong<string?>(path, "is no valid Unicode text", null);
        }
    }

    private JsonElement? Find(string path)
    {
        var element = root;
        foreach (var part in path.AsSpan().Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(path.AsSpan(part), out element))
            {
                return null;
            }
        }

        return element;
    }
}
