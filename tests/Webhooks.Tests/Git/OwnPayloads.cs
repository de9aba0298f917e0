using System.Text.Json.Nodes;

namespace Ebb.Webhooks.Tests.Git;

/// <summary>Payloads of our own with no more than what is read, for each host one of an open pull request.</summary>
internal static class OwnPayloads
{
    private const string Sha = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";

    /// <summary>GitHub's, Gitea's and Forgejo's.</summary>
    public static JsonObject GitHub(string action = "opened") => Parse($$"""
        {
          "action": "{{action}}", "number": 7,
          "pull_request": {
            "state": "open", "merged": false, "draft": false, "title": "A change", "updated_at": "2026-01-02T03:04:05Z",
            "user": { "login": "ada" }, "labels": [{ "name": "bug" }],
            "head": { "ref": "preview/shop/basket", "sha": "{{Sha}}", "repo": { "id": 11, "full_name": "ours/shop" } },
            "base": { "ref": "main", "repo": { "id": 11, "full_name": "ours/shop", "clone_url": "https://git.example.com/ours/shop.git" } }
          }
        }
        """);

    public static JsonObject GitLab(string action = "open") => Parse($$"""
        {
          "object_kind": "merge_request", "user": { "id": 5, "username": "ada" }, "labels": [{ "title": "bug" }],
          "project": { "path_with_namespace": "ours/web/shop", "git_http_url": "https://gitlab.example.com/ours/web/shop.git" },
          "object_attributes": {
            "action": "{{action}}", "state": "opened", "iid": 7, "title": "A change", "author_id": 5, "draft": false, "updated_at": "2026-01-02 03:04:05 UTC",
            "source_branch": "preview/shop/basket", "target_branch": "main", "source_project_id": 11, "target_project_id": 11, "last_commit": { "id": "{{Sha}}" }
          }
        }
        """);

    public static JsonObject BitbucketCloud() => Parse("""
        {
          "pullrequest": {
            "id": 7, "state": "OPEN", "title": "A change", "draft": false, "updated_on": "2026-01-02T03:04:05.123456+00:00", "author": { "account_id": "557058:ada" },
            "source": { "branch": { "name": "preview/shop/basket" }, "commit": { "hash": "ec26c3e57ca3" }, "repository": { "uuid": "{0d8ec1a1-0000-4000-8000-000000000001}" } },
            "destination": {
              "branch": { "name": "main" },
              "repository": {
                "uuid": "{0d8ec1a1-0000-4000-8000-000000000001}", "full_name": "ours/shop", "links": { "html": { "href": "https://bitbucket.org/ours/shop" } }
              }
            }
          }
        }
        """);

    public static JsonObject BitbucketServer() => Parse($$"""
        {
          "pullRequest": {
            "id": 7, "state": "OPEN", "title": "A change", "updatedDate": 1767323045000, "author": { "user": { "name": "ada" } },
            "fromRef": { "id": "refs/heads/preview/shop/basket", "latestCommit": "{{Sha}}", "repository": { "id": 11 } },
            "toRef": {
              "id": "refs/heads/main",
              "repository": { "id": 11, "slug": "shop", "project": { "key": "~ada" }, "links": { "clone": [{ "name": "ssh", "href": "ssh://git@x/ours/shop.git" }] } }
            }
          }
        }
        """);

    public static JsonObject AzureDevOps(string eventType = "git.pullrequest.updated", string status = "active") => Parse($$"""
        {
          "id": "{{Guid.NewGuid()}}", "eventType": "{{eventType}}", "createdDate": "2026-01-02T03:04:05.1234567Z",
          "resource": {
            "pullRequestId": 7, "status": "{{status}}", "title": "A change", "createdBy": { "uniqueName": "ada@example.com" }, "isDraft": false,
            "sourceRefName": "refs/heads/preview/shop/basket", "targetRefName": "refs/heads/main", "lastMergeSourceCommit": { "commitId": "{{Sha}}" },
            "labels": [{ "name": "bug", "active": true }],
            "repository": { "id": "4bc14d40-c903-45e2-872e-0462c7748079", "name": "The Shop", "project": { "name": "Our Project" }, "remoteUrl": "https://ours@dev.azure.com/ours/_git/shop" }
          }
        }
        """);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
