using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Contracts.PullRequests;

namespace Ebb.Webhooks.Tests.Git;

/// <summary>The traps of each dialect, on payloads derived from our own small ones.</summary>
public sealed class DialectTests(GitDoorFixture door) : IClassFixture<GitDoorFixture>
{
    [Theory]
    [InlineData("github")]
    [InlineData("gitea")]
    [InlineData("forgejo")]
    public async Task GitHubShape_ClosedAndMerged_IsMerged(string host)
    {
        var payload = OwnPayloads.GitHub("closed");
        payload["pull_request"]!["state"] = "closed";
        (await ReadAsync(host, "pull_request", payload)).Action.ShouldBe(PullRequestAction.Closed);

        payload["pull_request"]!["merged"] = true;
        var merged = await ReadAsync(host, "pull_request", payload);
        (merged.Action, merged.State).ShouldBe((PullRequestAction.Merged, PullRequestState.Merged));
    }

    [Theory]
    [InlineData("github")]
    [InlineData("gitea")]
    [InlineData("forgejo")]
    public async Task GitHubShape_OtherOrNoHeadRepository_IsAFork(string host)
    {
        var payload = OwnPayloads.GitHub();
        (await ReadAsync(host, "pull_request", payload)).IsFork.ShouldBeFalse();

        payload["pull_request"]!["head"]!["repo"]!["id"] = 12;
        (await ReadAsync(host, "pull_request", payload)).IsFork.ShouldBeTrue();

        payload["pull_request"]!["head"]!["repo"] = null;
        (await ReadAsync(host, "pull_request", payload)).IsFork.ShouldBeTrue();
    }

    [Theory]
    [InlineData("github", "synchronize", PullRequestAction.Pushed)]
    [InlineData("gitea", "synchronized", PullRequestAction.Pushed)]
    [InlineData("forgejo", "synchronized", PullRequestAction.Pushed)]
    [InlineData("gitea", "label_updated", PullRequestAction.Edited)]
    [InlineData("github", "unlabeled", PullRequestAction.Edited)]
    public async Task GitHubShape_ActionsOfEachProduct_AreTold(string host, string action, PullRequestAction expected) =>
        (await ReadAsync(host, "pull_request", OwnPayloads.GitHub(action))).Action.ShouldBe(expected);

    [Theory]
    [InlineData("github", "synchronized")]
    [InlineData("gitea", "synchronize")]
    [InlineData("github", "review_requested")]
    [InlineData("github", "locked")]
    public async Task GitHubShape_ActionsThatMeanNothing_AreIgnored(string host, string action) =>
        (await SendAsync(host, "pull_request", OwnPayloads.GitHub(action))).ShouldBe(HttpStatusCode.NoContent);

    [Theory]
    [InlineData("github", "labeled", "approved")]
    [InlineData("github", "opened", "bug")]
    [InlineData("gitea", "opened", "bug")]
    [InlineData("forgejo", "opened", "bug")]
    // Which label it was about is not sent.
    [InlineData("gitea", "label_updated", null)]
    [InlineData("forgejo", "label_updated", null)]
    [InlineData("github", "unlabeled", null)]
    [InlineData("github", "synchronize", null)]
    [InlineData("github", "edited", null)]
    public async Task GitHubShape_LabelsThatTheEventSet_AreTold(string host, string action, string? label)
    {
        var payload = OwnPayloads.GitHub(action);
        payload["label"] = new JsonObject { ["name"] = "approved" };
        (await ReadAsync(host, "pull_request", payload)).LabelsAdded.ShouldBe(label is null ? null : [label]);
    }

    [Theory]
    [InlineData("open", false, """{}""", "bug")]
    [InlineData("update", false, """{"labels":{"previous":[{"title":"bug"}],"current":[{"title":"bug"},{"title":"approved"}]}}""", "approved")]
    [InlineData("update", false, """{"labels":{"previous":[{"title":"bug"},{"title":"approved"}],"current":[{"title":"bug"}]}}""", null)]
    [InlineData("update", false, """{"title":{"previous":"a","current":"b"}}""", null)]
    // A push's change of labels may be of the commit before it.
    [InlineData("update", true, """{"labels":{"previous":[],"current":[{"title":"approved"}]}}""", null)]
    [InlineData("reopen", false, """{}""", null)]
    public async Task GitLab_LabelsThatTheEventSet_AreTold(string action, bool isPush, string changes, string? label)
    {
        var payload = OwnPayloads.GitLab(action);
        payload["changes"] = JsonNode.Parse(changes);
        payload["object_attributes"]!["oldrev"] = isPush ? "0c9b1e5f0c9b1e5f0c9b1e5f0c9b1e5f0c9b1e5f" : null;
        (await ReadAsync("gitlab", "Merge Request Hook", payload)).LabelsAdded.ShouldBe(label is null ? null : [label]);
    }

    [Theory]
    [InlineData("gitea")]
    [InlineData("forgejo")]
    public async Task Gitea_PullRequestWithoutABranch_IsNoPreviewsBranch(string host)
    {
        // AGit: anybody who may read pushes to refs/for/main, and the head's repository is then the target's (services/convert/pull.go).
        var payload = OwnPayloads.GitHub();
        payload["pull_request"]!["head"]!["ref"] = "refs/pull/7/head";
        (await ReadAsync(host, "pull_request", payload)).SourceBranch.ShouldBe("refs/pull/7/head");
    }

    [Fact]
    public async Task Gitea_WithoutDraft_ATitleMarksTheDraft()
    {
        var payload = OwnPayloads.GitHub();
        payload["pull_request"]!.AsObject().Remove("draft");
        (await ReadAsync("gitea", "pull_request", payload)).IsDraft.ShouldBeFalse();

        payload["pull_request"]!["title"] = "[wip] A change";
        (await ReadAsync("gitea", "pull_request", payload)).IsDraft.ShouldBeTrue();
    }

    [Fact]
    public async Task GitHub_DeletedAccount_IsTheGhost()
    {
        var payload = OwnPayloads.GitHub();
        payload["pull_request"]!["user"] = null;
        (await ReadAsync("github", "pull_request", payload)).Author.ShouldBe("ghost");
    }

    [Fact]
    public async Task GitLab_UpdateWithOldrev_IsAPush_WithoutItIsAnEdit()
    {
        var payload = OwnPayloads.GitLab("update");
        (await ReadAsync("gitlab", "Merge Request Hook", payload)).Action.ShouldBe(PullRequestAction.Edited);

        payload["object_attributes"]!["oldrev"] = "0c9b1e5f0c9b1e5f0c9b1e5f0c9b1e5f0c9b1e5f";
        (await ReadAsync("gitlab", "Merge Request Hook", payload)).Action.ShouldBe(PullRequestAction.Pushed);
    }

    [Fact]
    public async Task GitLab_NoCommitsForkLockedAndOtherActor_AreTold()
    {
        var payload = OwnPayloads.GitLab("update");
        var attributes = payload["object_attributes"]!;
        (attributes["last_commit"], attributes["source_project_id"], attributes["state"]) = (null, 99, "locked");
        payload["user"]!["id"] = 6;

        var read = await ReadAsync("gitlab", "System Hook", payload);

        (read.HeadSha, read.IsFork, read.State, read.Author).ShouldBe((null, true, PullRequestState.Open, "5"));
    }

    [Theory]
    [InlineData("approved")]
    [InlineData("unapproval")]
    [InlineData(null)]
    public async Task GitLab_ActionsThatMeanNothing_AreIgnored(string? action)
    {
        var payload = OwnPayloads.GitLab();
        payload["object_attributes"]!["action"] = action;
        (await SendAsync("gitlab", "Merge Request Hook", payload)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task BitbucketCloud_ShortCommitAndLostFork_AreTold()
    {
        var payload = OwnPayloads.BitbucketCloud();
        payload["pullrequest"]!["source"]!["repository"] = null;

        var read = await ReadAsync("bitbucket-cloud", "pullrequest:updated", payload);

        (read.HeadSha!.Value.Value, read.HeadSha.Value.IsFull, read.IsFork).ShouldBe(("ec26c3e57ca3", false, true));
        read.Repository.Id.ShouldBe("0d8ec1a1-0000-4000-8000-000000000001");
    }

    [Fact]
    public async Task BitbucketServer_DeletedWhileOpen_IsClosed()
    {
        var read = await ReadAsync("bitbucket-server", "pr:deleted", OwnPayloads.BitbucketServer());

        (read.Action, read.State).ShouldBe((PullRequestAction.Deleted, PullRequestState.Closed));
        (read.Repository.FullName, read.CloneUrl).ShouldBe(("~ada/shop", null));
    }

    [Fact]
    public async Task BitbucketServer_IsoOrEpochTimes_AreTheSame()
    {
        var payload = OwnPayloads.BitbucketServer();
        var epoch = await ReadAsync("bitbucket-server", "pr:modified", payload);
        payload["pullRequest"]!["updatedDate"] = "2026-01-02T03:04:05+0000";
        var iso = await ReadAsync("bitbucket-server", "pr:modified", payload);

        iso.UpdatedAt.ShouldBe(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        epoch.UpdatedAt.ShouldBe(iso.UpdatedAt);
    }

    [Theory]
    [InlineData("git.pullrequest.merged", "active", PullRequestAction.Edited, PullRequestState.Open)]
    [InlineData("git.pullrequest.merged", "completed", PullRequestAction.Merged, PullRequestState.Merged)]
    [InlineData("git.pullrequest.updated", "abandoned", PullRequestAction.Closed, PullRequestState.Closed)]
    [InlineData("git.pullrequest.created", "active", PullRequestAction.Opened, PullRequestState.Open)]
    public async Task AzureDevOps_TheStatusDecides_NotTheEvent(string eventType, string status, PullRequestAction action, PullRequestState state)
    {
        var read = await ReadAsync("azure-devops", "", OwnPayloads.AzureDevOps(eventType, status));

        (read.Action, read.State, read.Labels.Single(), read.Repository.FullName).ShouldBe((action, state, "bug", "Our Project/The Shop"));
        // Its address names a user, which an address of ours may not.
        read.CloneUrl.ShouldBeNull();
    }

    [Fact]
    public async Task AzureDevOps_BeforeTheFirstMergeAndFromAFork_IsTold()
    {
        var payload = OwnPayloads.AzureDevOps();
        payload["resource"]!.AsObject().Remove("lastMergeSourceCommit");
        payload["resource"]!["forkSource"] = new JsonObject { ["name"] = "refs/heads/x" };
        payload["resource"]!["isDraft"] = true;

        var read = await ReadAsync("azure-devops", "", payload);

        (read.HeadSha, read.IsFork, read.IsDraft).ShouldBe((null, true, true));
    }

    [Fact]
    public async Task Read_MissingAndWrongMembers_AreAllNamedAndAnswered200()
    {
        var payload = OwnPayloads.GitHub();
        payload.Remove("number");
        payload["pull_request"]!["head"]!["sha"] = "not a commit";
        payload["pull_request"]!["base"]!.AsObject().Remove("ref");
        payload["pull_request"]!["state"] = "sleeping";
        payload["pull_request"]!["base"]!["repo"]!["full_name"] = "../../etc";

        using var response = await door.SendAsync("github", "pull_request", payload.ToJsonString());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        answer.GetProperty("accepted").GetBoolean().ShouldBeFalse();
        answer.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()).ShouldBe(
        [
            "pull_request.state: must be one of open, closed",
            "number: is missing or not what it should be",
            "pull_request.base.ref: is missing or not what it should be",
            "pull_request.head.sha: is no commit's name",
        ]);
        door.Log.All.ShouldContain(line => line.StartsWith("Error: The hook github got an event that cannot be used", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("preview/shop/../../etc")]
    [InlineData("preview/shop/$(reboot)`id`\"'")]
    [InlineData("PREVIEW/Shop/ÄÖÜ-🎉")]
    public async Task Read_HostileBranch_IsPassedOnAsItIs(string branch)
    {
        var payload = OwnPayloads.GitHub();
        payload["pull_request"]!["head"]!["ref"] = branch;
        (await ReadAsync("github", "pull_request", payload)).SourceBranch.ShouldBe(branch);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\u0000b")]
    [InlineData(513)]
    public async Task Read_ImpossibleBranch_IsNotAccepted(object branch)
    {
        var payload = OwnPayloads.GitHub();
        payload["pull_request"]!["head"]!["ref"] = branch as string ?? new string('x', (int)branch);
        (await SendAsync("github", "pull_request", payload)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Read_TitleAndLabelsOfAnyLength_AreCut()
    {
        var payload = OwnPayloads.GitHub();
        payload["pull_request"]!["title"] = new string('t', 299) + "🎉\n";
        payload["pull_request"]!["labels"] = new JsonArray([.. Enumerable.Range(0, 150).Select(i => new JsonObject { ["name"] = $"label-{i}" }), new JsonObject { ["name"] = "bad\u0001" }]);

        var read = await ReadAsync("github", "pull_request", payload);

        (read.Title, read.Labels.Count).ShouldBe((new string('t', 299), 100));
    }

    private async Task<PullRequestEvent> ReadAsync(string host, string @event, JsonObject payload)
    {
        if (payload.ContainsKey("eventType"))
        {
            payload["id"] = Guid.NewGuid().ToString();
        }

        using var response = await door.SendAsync(host, @event, payload.ToJsonString());
        return await door.EventAsync(response);
    }

    private async Task<HttpStatusCode> SendAsync(string host, string @event, JsonObject payload)
    {
        using var response = await door.SendAsync(host, @event, payload.ToJsonString());
        return response.StatusCode;
    }
}
