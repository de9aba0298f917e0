using System.Text.Json;
using Ebb.Contracts.Images;
using Ebb.Contracts.PullRequests;

namespace Ebb.Contracts.Previews;

/// <summary>Reads <see cref="PreviewRequest"/>s, at the door and from queues, and reports every problem at once.</summary>
public static class PreviewRequestReader
{
    /// <summary>The greatest length of a request in characters: 16 KiB.</summary>
    public const int MaxLength = 16 * 1024;

    private const string Root = "request";
    private const int MaxServerLength = 128;

    /// <summary>Reads a request; null when there is any problem. Unknown members are problems.</summary>
    public static PreviewRequest? Read(string? json, ListProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (json is null or "" or { Length: > MaxLength })
        {
            problems.Add(Root, string.IsNullOrEmpty(json) ? "is empty; it must be JSON" : $"has {json.Length} characters; at most {MaxLength} are taken");
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize(json, ContractsJson.Default.PreviewRequest) is { } read)
            {
                return Check(read, problems) ? read : null;
            }

            problems.Add(Root, "must not be null");
        }
        catch (JsonException e)
        {
            var end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
            problems.Add(e.Path ?? Root, end < 0 ? e.Message : e.Message[..end]);
        }

        return null;
    }

    private static bool Check(PreviewRequest request, ListProblems problems)
    {
        var before = problems.Messages.Count;
        Require(request.Number > 0, "number", "must be 1 or more");
        if (request.Action is PreviewAction.Create)
        {
            Require(request.Host is not null, "host", $"must be one of {string.Join(", ", GitHostNames.All)}");
            Require(request.Server is null || PullRequestEventRules.IsText(request.Server, MaxServerLength), "server", $"must have 1 to {MaxServerLength} characters");
            Require(request.Repository is { IsValid: true }, "repository", "must be an object with id and fullName, such as {\"id\":\"42\",\"fullName\":\"owner/name\"}");
            Require(request.App is null && request.Reason is null, Root, "app and reason belong to removals");
        }
        else
        {
            Require(request.App is not null, "app", $"must be {AppName.Rule}");
            Require(request is { Host: null, Server: null, Repository: null }, Root, "host, server and repository belong to creations");
            Require(request.Reason is null || request.Action is PreviewAction.Remove, "reason", "belongs to removals");
        }

        Require(request.ExpiringBefore is not null == request.Action is PreviewAction.Renew, "expiringBefore", "belongs to renewals, which need it");

        return problems.Messages.Count == before;

        void Require(bool holds, string where, string rule)
        {
            if (!holds)
            {
                problems.Add(where, rule);
            }
        }
    }
}
