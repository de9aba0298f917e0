using System.Text.Json;
using Ebb.Contracts.Images;

namespace Ebb.Contracts.PullRequests;

/// <summary>Reads <see cref="PullRequestEvent"/>s as strictly on the worker's side as they were made at the door.</summary>
public static class PullRequestEventReader
{
    /// <summary>The greatest length of a message in characters: 64 KiB.</summary>
    public const int MaxLength = 64 * 1024;

    private const string Root = "event";

    /// <summary>Reads an event; null when there is any problem. Unknown and missing members are problems.</summary>
    public static PullRequestEvent? Read(string? json, ListProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (json is null or "" or { Length: > MaxLength })
        {
            problems.Add(Root, string.IsNullOrEmpty(json) ? "is empty; it must be JSON" : $"has {json.Length} characters; at most {MaxLength} are taken");
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize(json, ContractsJson.Default.PullRequestEvent) is { } read)
            {
                return PullRequestEventRules.Check(read, problems) ? read : null;
            }

            problems.Add(Root, "must not be null");
        }
        catch (JsonException exception)
        {
            problems.Add(exception.Path ?? Root, exception.Message);
        }

        return null;
    }
}
