using System.Text.Json.Nodes;

namespace Ebb.TestServers.Git;

/// <summary>
/// What the hosts say about a pull request of a stand-in: the object of the API, and the body and event of the webhook. Actions are
/// <c>opened</c>, <c>pushed</c>, <c>edited</c>, <c>reopened</c>, <c>closed</c> and <c>merged</c>; a host that knows less says what it can.
/// </summary>
public static class WebhookPayloads
{
    /// <summary>The event's name and the body, as <see cref="WebhookSender.Delivery"/> takes them.</summary>
    public static (string Event, byte[] Body) Of(string host, GitRepositoryState repository, GitPull pull, string action)
    {
        var (@event, body) = host switch
        {
            "github" => ("pull_request", GitHub(repository, pull, action == "pushed" ? "synchronize" : action)),
            "gitea" or "forgejo" => ("pull_request", GitHub(repository, pull, action == "pushed" ? "synchronized" : action)),
            "gitlab" => ("Merge Request Hook", GitLab(repository, pull, action)),
            "bitbucket-cloud" => (action switch { "opened" => "pullrequest:created", "closed" => "pullrequest:rejected", "merged" => "pullrequest:fulfilled", _ => "pullrequest:updated" },
                new JsonObject { ["pullrequest"] = BitbucketCloudPull(repository, pull) }),
            "bitbucket-server" => (action switch { "opened" => "pr:opened", "pushed" => "pr:from_ref_updated", "closed" => "pr:declined", "merged" => "pr:merged", _ => "pr:modified" },
                new JsonObject { ["pullRequest"] = BitbucketServerPull(repository, pull) }),
            "azure-devops" => ("", AzureDevOps(repository, pull, action)),
            _ => throw new ArgumentException($"'{host}' is no host.", nameof(host)),
        };
        return (@event, System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()));
    }

    internal static JsonObject GitHubPull(GitRepositoryState repository, GitPull pull) => new()
    {
        ["number"] = pull.Number,
        ["state"] = pull.State == "open" ? "open" : "closed",
        ["merged"] = pull.State == "merged",
        ["merged_at"] = pull.State == "merged" ? Iso(pull) : null,
        ["title"] = pull.Title,
        ["user"] = new JsonObject { ["login"] = pull.Author },
        ["draft"] = pull.Draft,
        ["labels"] = GitAnswer.List(pull.Labels.Select(label => (JsonNode)new JsonObject { ["name"] = label })),
        ["updated_at"] = Iso(pull),
        ["head"] = new JsonObject { ["ref"] = pull.SourceBranch, ["sha"] = pull.Head, ["repo"] = pull.SourceRepository is { } source ? Repository(source) : null },
        ["base"] = new JsonObject { ["ref"] = pull.TargetBranch, ["repo"] = Repository(repository) },
    };

    internal static JsonObject BitbucketCloudPull(GitRepositoryState repository, GitPull pull) => new()
    {
        ["id"] = pull.Number,
        ["state"] = BitbucketState(pull),
        ["title"] = pull.Title,
        ["draft"] = pull.Draft,
        ["author"] = new JsonObject { ["account_id"] = pull.Author },
        ["updated_on"] = pull.UpdatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz"),
        ["source"] = new JsonObject
        {
            ["branch"] = new JsonObject { ["name"] = pull.SourceBranch },
            ["commit"] = new JsonObject { ["hash"] = pull.Head[..12] },
            ["repository"] = pull.SourceRepository is { } source ? CloudRepository(source) : null,
        },
        ["destination"] = new JsonObject { ["branch"] = new JsonObject { ["name"] = pull.TargetBranch }, ["repository"] = CloudRepository(repository) },
    };

    internal static JsonObject BitbucketServerPull(GitRepositoryState repository, GitPull pull) => new()
    {
        ["id"] = pull.Number,
        ["state"] = BitbucketState(pull),
        ["title"] = pull.Title,
        ["draft"] = pull.Draft,
        ["updatedDate"] = pull.UpdatedAt.ToUnixTimeMilliseconds(),
        ["author"] = new JsonObject { ["user"] = new JsonObject { ["name"] = pull.Author } },
        ["fromRef"] = new JsonObject { ["id"] = $"refs/heads/{pull.SourceBranch}", ["latestCommit"] = pull.Head, ["repository"] = ServerRepository(pull.SourceRepository ?? repository) },
        ["toRef"] = new JsonObject { ["id"] = $"refs/heads/{pull.TargetBranch}", ["repository"] = ServerRepository(repository) },
    };

    internal static JsonObject AzureDevOpsPull(GitRepositoryState repository, GitPull pull)
    {
        var json = new JsonObject
        {
            ["pullRequestId"] = pull.Number,
            ["status"] = AzureState(pull),
            ["title"] = pull.Title,
            ["isDraft"] = pull.Draft,
            ["createdBy"] = new JsonObject { ["uniqueName"] = pull.Author },
            ["sourceRefName"] = $"refs/heads/{pull.SourceBranch}",
            ["targetRefName"] = $"refs/heads/{pull.TargetBranch}",
            ["lastMergeSourceCommit"] = new JsonObject { ["commitId"] = pull.Head },
            ["repository"] = new JsonObject
            {
                ["id"] = repository.Id,
                ["name"] = repository.Name,
                ["project"] = new JsonObject { ["name"] = repository.Owner },
                ["remoteUrl"] = $"https://dev.azure.com/ours/{repository.Owner}/_git/{repository.Name}",
            },
        };
        if (pull.SourceRepository != repository)
        {
            json["forkSource"] = new JsonObject { ["name"] = $"refs/heads/{pull.SourceBranch}" };
        }

        return json;
    }

    internal static string BitbucketState(GitPull pull) => pull.State switch { "open" => "OPEN", "merged" => "MERGED", _ => "DECLINED" };

    internal static string AzureState(GitPull pull) => pull.State switch { "open" => "active", "merged" => "completed", _ => "abandoned" };

    private static JsonObject GitHub(GitRepositoryState repository, GitPull pull, string action) =>
        new() { ["action"] = action == "merged" ? "closed" : action, ["number"] = pull.Number, ["pull_request"] = GitHubPull(repository, pull) };

    private static JsonObject GitLab(GitRepositoryState repository, GitPull pull, string action)
    {
        var attributes = new JsonObject
        {
            ["action"] = action switch { "opened" => "open", "reopened" => "reopen", "closed" => "close", "merged" => "merge", _ => "update" },
            ["state"] = pull.State == "open" ? "opened" : pull.State,
            ["iid"] = pull.Number,
            ["title"] = pull.Title,
            ["author_id"] = 5,
            ["draft"] = pull.Draft,
            ["updated_at"] = pull.UpdatedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'"),
            ["source_branch"] = pull.SourceBranch,
            ["target_branch"] = pull.TargetBranch,
            ["source_project_id"] = pull.SourceRepository is { } source ? int.Parse(source.Id) : null,
            ["target_project_id"] = int.Parse(repository.Id),
            ["last_commit"] = new JsonObject { ["id"] = pull.Head },
            ["target"] = new JsonObject { ["path_with_namespace"] = repository.FullName, ["git_http_url"] = Clone(repository) },
        };
        if (action == "pushed")
        {
            attributes["oldrev"] = new string('0', 40);
        }

        return new JsonObject
        {
            ["object_kind"] = "merge_request",
            ["user"] = new JsonObject { ["id"] = 5, ["username"] = pull.Author },
            ["project"] = new JsonObject { ["path_with_namespace"] = repository.FullName },
            ["labels"] = GitAnswer.List(pull.Labels.Select(label => (JsonNode)new JsonObject { ["title"] = label })),
            ["object_attributes"] = attributes,
        };
    }

    private static JsonObject AzureDevOps(GitRepositoryState repository, GitPull pull, string action) => new()
    {
        ["id"] = Guid.NewGuid().ToString(),
        ["eventType"] = action switch { "opened" => "git.pullrequest.created", "merged" => "git.pullrequest.merged", _ => "git.pullrequest.updated" },
        ["createdDate"] = Iso(pull),
        ["resource"] = AzureDevOpsPull(repository, pull),
    };

    private static JsonObject Repository(GitRepositoryState repository) =>
        new() { ["id"] = int.Parse(repository.Id), ["full_name"] = repository.FullName, ["clone_url"] = Clone(repository) };

    private static JsonObject CloudRepository(GitRepositoryState repository) => new()
    {
        ["uuid"] = $"{{{repository.Id}}}",
        ["full_name"] = repository.FullName,
        ["links"] = new JsonObject { ["html"] = new JsonObject { ["href"] = $"https://bitbucket.org/{repository.FullName}" } },
    };

    private static JsonObject ServerRepository(GitRepositoryState repository) => new()
    {
        ["id"] = int.Parse(repository.Id),
        ["slug"] = repository.Name,
        ["project"] = new JsonObject { ["key"] = repository.Owner },
        ["links"] = new JsonObject { ["clone"] = new JsonArray(new JsonObject { ["name"] = "http", ["href"] = Clone(repository) }) },
    };

    private static string Clone(GitRepositoryState repository) => $"https://git.example.com/{repository.FullName}.git";

    private static string Iso(GitPull pull) => pull.UpdatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
