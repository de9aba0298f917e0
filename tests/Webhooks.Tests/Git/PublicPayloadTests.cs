using System.Net;
using Ebb.Contracts.PullRequests;

namespace Ebb.Webhooks.Tests.Git;

/// <summary>Every public payload, sent as its host sends it, and what it means.</summary>
public sealed class PublicPayloadTests(GitDoorFixture door) : IClassFixture<GitDoorFixture>
{
    /// <summary>Payload, event header, and the status or the event that is queued for it.</summary>
    public static TheoryData<string, string, string> Meanings { get; } = new()
    {
        { "azure-devops/pr_created.json", "", "Opened Open #1 'my first pull request' fabrikamfiber4@hotmail.com mytopic>master 53d54ac915144006c2c9e90d2c7d3880920db49c fork:False draft:False [] 4bc14d40-c903-45e2-872e-0462c7748079 Fabrikam/Fabrikam https://dev.azure.com/fabrikam/DefaultCollection/_git/Fabrikam 2016-09-19T13:03:27Z" },
        { "azure-devops/pr_merged.json", "", "Merged Merged #1 'my first pull request' fabrikamfiber4@hotmail.com mytopic>master 53d54ac915144006c2c9e90d2c7d3880920db49c fork:False draft:False [] 4bc14d40-c903-45e2-872e-0462c7748079 Fabrikam/Fabrikam https://dev.azure.com/fabrikam/DefaultCollection/_git/Fabrikam 2016-09-19T13:03:27Z" },
        { "azure-devops/pr_updated.json", "", "Merged Merged #1 'my first pull request' fabrikamfiber4@hotmail.com mytopic>master 53d54ac915144006c2c9e90d2c7d3880920db49c fork:False draft:False [] 4bc14d40-c903-45e2-872e-0462c7748079 Fabrikam/Fabrikam https://dev.azure.com/fabrikam/DefaultCollection/_git/Fabrikam 2016-09-19T13:03:27Z" },
        { "azure-devops/push.json", "", "204" },
        { "bitbucket-cloud/pr_comment_created.json", "pullrequest:comment_created", "204" },
        { "bitbucket-cloud/pr_comment_deleted.json", "pullrequest:comment_deleted", "204" },
        { "bitbucket-cloud/pr_created.json", "pullrequest:created", "Opened Open #1 'Awesome new feature' 557058:2a6349dc-4346-4805-bd84-3abdd0812d17 develop>master 507a576e59b3 fork:False draft:False [] bc771cbf-829e-4c4b-b71f-a0eb3ac2b860 brydzewski/foo https://bitbucket.org/brydzewski/foo.git 2018-07-02T21:51:39Z" },
        { "bitbucket-cloud/pr_declined.json", "pullrequest:rejected", "Closed Closed #2 'update README' 557058:2a6349dc-4346-4805-bd84-3abdd0812d17 develop>master 6ca9fe26898a fork:False draft:False [] bc771cbf-829e-4c4b-b71f-a0eb3ac2b860 brydzewski/foo https://bitbucket.org/brydzewski/foo.git 2018-07-03T01:44:00Z" },
        { "bitbucket-cloud/pr_fulfilled.json", "pullrequest:fulfilled", "Merged Merged #1 'Awesome new feature' 557058:2a6349dc-4346-4805-bd84-3abdd0812d17 develop>master 0704fc5beccc fork:False draft:False [] bc771cbf-829e-4c4b-b71f-a0eb3ac2b860 brydzewski/foo https://bitbucket.org/brydzewski/foo.git 2018-07-03T01:28:05Z" },
        { "bitbucket-cloud/pr_updated.json", "pullrequest:updated", "Edited Open #1 'Awesome new feature' 557058:2a6349dc-4346-4805-bd84-3abdd0812d17 develop>master 0704fc5beccc fork:False draft:False [] bc771cbf-829e-4c4b-b71f-a0eb3ac2b860 brydzewski/foo https://bitbucket.org/brydzewski/foo.git 2018-07-02T21:54:34Z" },
        { "bitbucket-cloud/push.json", "repo:push", "204" },
        { "bitbucket-cloud/push_branch_create.json", "repo:push", "204" },
        { "bitbucket-cloud/push_branch_delete.json", "repo:push", "204" },
        { "bitbucket-cloud/push_tag_create.json", "repo:push", "204" },
        { "bitbucket-cloud/push_tag_delete.json", "repo:push", "204" },
        { "bitbucket-server/pr_declined.json", "pr:declined", "Closed Closed #2 'added LICENSE' jcitizen develop>master b9eaed50a03c073b20dfa82e5e753d295e7f0e56 fork:False draft:False [] 1 PRJ/my-repo - 2018-07-05T19:30:48Z" },
        { "bitbucket-server/pr_declined_iso_dates.json", "pr:declined", "Closed Closed #2 'added LICENSE' jcitizen develop>master b9eaed50a03c073b20dfa82e5e753d295e7f0e56 fork:False draft:False [] 1 PRJ/my-repo - 2018-07-05T19:30:48Z" },
        { "bitbucket-server/pr_deleted.json", "pr:deleted", "Deleted Closed #2 'added LICENSE' jcitizen develop>master b9eaed50a03c073b20dfa82e5e753d295e7f0e56 fork:False draft:False [] 1 PRJ/my-repo - 2018-07-05T19:30:48Z" },
        { "bitbucket-server/pr_from_ref_updated.json", "pr:from_ref_updated", "Pushed Open #2 'added LICENSE' jcitizen feature-2>master c00d0f269a9844dd168f72f6a9d78a9cff49a318 fork:False draft:False [] 1 PRJ/my-repo http://example.com:7990/scm/prj/my-repo.git 2021-11-23T10:02:52Z" },
        { "bitbucket-server/pr_merged.json", "pr:merged", "Merged Merged #3 'Develop' jcitizen develop>master b9eaed50a03c073b20dfa82e5e753d295e7f0e56 fork:False draft:False [] 1 PRJ/my-repo - 2018-07-05T19:33:20Z" },
        { "bitbucket-server/pr_merged_iso_dates.json", "pr:merged", "Merged Merged #3 'Develop' jcitizen develop>master b9eaed50a03c073b20dfa82e5e753d295e7f0e56 fork:False draft:False [] 1 PRJ/my-repo - 2018-07-05T19:33:20Z" },
        { "bitbucket-server/pr_modified_meta.json", "pr:modified", "Edited Open #6 'Clean README.md' jcitizen cleanup>master a268fca7b65055e13f60ac1a2c9a527615f113ca fork:True draft:False [] 1 PRJ/my-repo http://example.com:7990/scm/prj/my-repo.git 2021-11-24T14:43:48Z" },
        { "bitbucket-server/pr_modified_toref.json", "pr:modified", "Edited Open #2 'added LICENSE' jcitizen feature-2>master c00d0f269a9844dd168f72f6a9d78a9cff49a318 fork:False draft:False [] 1 PRJ/my-repo http://example.com:7990/scm/prj/my-repo.git 2021-11-23T13:16:20Z" },
        { "bitbucket-server/pr_open.json", "pr:opened", "Opened Open #2 'added LICENSE' jcitizen develop>master 208b0a5c05eddadad01f2aed8802fe0c3b3eaf5e fork:False draft:False [] 1 PRJ/my-repo - 2018-07-05T19:21:30Z" },
        { "bitbucket-server/pr_open_iso_dates.json", "pr:opened", "Opened Open #2 'added LICENSE' jcitizen develop>master 208b0a5c05eddadad01f2aed8802fe0c3b3eaf5e fork:False draft:False [] 1 PRJ/my-repo - 2018-07-05T19:21:30Z" },
        { "bitbucket-server/push.json", "repo:refs_changed", "204" },
        { "bitbucket-server/push_branch_create.json", "repo:refs_changed", "204" },
        { "bitbucket-server/push_branch_delete.json", "repo:refs_changed", "204" },
        { "bitbucket-server/push_tag_create.json", "repo:refs_changed", "204" },
        { "bitbucket-server/push_tag_delete.json", "repo:refs_changed", "204" },
        { "bitbucket-server/push_v5.json", "repo:refs_changed", "204" },
        { "gitea/branch_create.json", "create", "204" },
        { "gitea/branch_delete.json", "delete", "204" },
        { "gitea/pull_request_closed.json", "pull_request", "Closed Closed #1 'Add LICENSE File' jcitizen feature>master 2eba238e33607c1fa49253182e9fff42baafa1eb fork:False draft:False [] 6589 jcitizen/my-repo https://try.gitea.io/jcitizen/my-repo.git 2018-07-06T01:34:08Z" },
        { "gitea/pull_request_comment_created.json", "issue_comment", "204" },
        { "gitea/pull_request_comment_deleted.json", "issue_comment", "204" },
        { "gitea/pull_request_comment_edited.json", "issue_comment", "204" },
        { "gitea/pull_request_edited.json", "pull_request", "Edited Open #1 'Add LICENSE File' jcitizen feature>master 2eba238e33607c1fa49253182e9fff42baafa1eb fork:False draft:False [] 6589 jcitizen/my-repo https://try.gitea.io/jcitizen/my-repo.git 2018-07-06T01:32:20Z" },
        { "gitea/pull_request_merged.json", "pull_request", "Merged Merged #1 'Add LICENSE File' jcitizen feature>master 2eba238e33607c1fa49253182e9fff42baafa1eb fork:False draft:False [] 6589 jcitizen/my-repo https://try.gitea.io/jcitizen/my-repo.git 2018-07-06T01:39:46Z" },
        { "gitea/pull_request_opened.json", "pull_request", "Opened Open #1 'Add License File' jcitizen feature>master 2eba238e33607c1fa49253182e9fff42baafa1eb fork:False draft:False [] 6589 jcitizen/my-repo https://try.gitea.io/jcitizen/my-repo.git 2018-07-06T00:37:47Z" },
        { "gitea/pull_request_reopened.json", "pull_request", "Reopened Open #1 'Add LICENSE File' jcitizen feature>master 2eba238e33607c1fa49253182e9fff42baafa1eb fork:False draft:False [] 6589 jcitizen/my-repo https://try.gitea.io/jcitizen/my-repo.git 2018-07-06T01:38:39Z" },
        { "gitea/pull_request_synchronized.json", "pull_request", "Pushed Open #1 'Add License File' jcitizen feature>master 2eba238e33607c1fa49253182e9fff42baafa1eb fork:False draft:False [] 6589 jcitizen/my-repo https://try.gitea.io/jcitizen/my-repo.git 2018-07-06T00:37:47Z" },
        { "gitea/push.json", "push", "204" },
        { "gitea/tag_create.json", "create", "204" },
        { "gitea/tag_delete.json", "delete", "204" },
        { "github/create_payload.json", "create", "204" },
        { "github/delete_payload.json", "delete", "204" },
        { "github/issue_comment_created.payload.json", "issue_comment", "204" },
        { "github/ping_payload.json", "ping", "200" },
        { "github/pull_request_closed.payload.json", "pull_request", "Closed Closed #2 'Update the README with new information.' Codertocat changes>master ec26c3e57ca3a959ca5aad62de7213c562f8c821 fork:False draft:False [bug] 186853002 Codertocat/Hello-World https://github.com/Codertocat/Hello-World.git 2019-05-15T15:21:18Z" },
        { "github/pull_request_converted_to_draft.payload.json", "pull_request", "Edited Open #2 'Update the README with new information.' Codertocat changes>master ec26c3e57ca3a959ca5aad62de7213c562f8c821 fork:False draft:True [bug] 186853002 Codertocat/Hello-World https://github.com/Codertocat/Hello-World.git 2019-05-15T15:21:18Z" },
        { "github/pull_request_labeled.payload.json", "pull_request", "Edited Open #2 'Update the README with new information.' Codertocat changes>master ec26c3e57ca3a959ca5aad62de7213c562f8c821 fork:False draft:False [bug] 186853002 Codertocat/Hello-World https://github.com/Codertocat/Hello-World.git 2019-05-15T15:20:35Z" },
        { "github/pull_request_opened.payload.json", "pull_request", "Opened Open #2 'Update the README with new information.' Codertocat changes>master ec26c3e57ca3a959ca5aad62de7213c562f8c821 fork:False draft:False [bug] 186853002 Codertocat/Hello-World https://github.com/Codertocat/Hello-World.git 2019-05-15T15:20:33Z" },
        { "github/pull_request_opened.with-organization.payload.json", "pull_request", "Opened Open #2 'Update the README with new information.' Codertocat changes>master ec26c3e57ca3a959ca5aad62de7213c562f8c821 fork:False draft:False [bug] 186853002 Codertocat/Hello-World https://github.com/Codertocat/Hello-World.git 2019-05-15T15:20:33Z" },
        { "github/pull_request_ready_for_review.payload.json", "pull_request", "Edited Open #2 'Update the README with new information.' Codertocat changes>master ec26c3e57ca3a959ca5aad62de7213c562f8c821 fork:False draft:False [bug] 186853002 Codertocat/Hello-World https://github.com/Codertocat/Hello-World.git 2019-05-15T15:21:18Z" },
        { "github/pull_request_reopened.payload.json", "pull_request", "Reopened Open #2 'Update the README with new information.' Codertocat changes>master ec26c3e57ca3a959ca5aad62de7213c562f8c821 fork:False draft:False [bug] 186853002 Codertocat/Hello-World https://github.com/Codertocat/Hello-World.git 2019-05-15T15:20:33Z" },
        { "github/pull_request_synchronize.payload.json", "pull_request", "Pushed Open #2 'Update the README with new information.' Codertocat changes>master ec26c3e57ca3a959ca5aad62de7213c562f8c821 fork:False draft:False [bug] 186853002 Codertocat/Hello-World https://github.com/Codertocat/Hello-World.git 2019-05-15T15:20:33Z" },
        { "github/push_payload.json", "push", "204" },
        { "github/repository_renamed.payload.json", "repository", "204" },
        { "gitlab/branch_create.json", "Push Hook", "204" },
        { "gitlab/branch_delete.json", "Push Hook", "204" },
        { "gitlab/branch_delete_subgroup.json", "Push Hook", "204" },
        { "gitlab/merge_request_comment_create.json", "Note Hook", "204" },
        { "gitlab/merge_request_comment_subgroup.json", "Note Hook", "204" },
        { "gitlab/merge_request_subgroup.json", "Merge Request Hook", "Opened Open #1 'update readme' 51764 feature>master c4c79227ed610f1151f05bbc5be33b4f340d39c8 fork:False draft:False [] 4861503 group1/group2/group3/grp2repo https://gitlab.com/group1/group2/group3/grp2repo.git 2017-12-10T17:01:11Z" },
        { "gitlab/pull_request_close.json", "Merge Request Hook", "Closed Closed #1 'update readme' 51764 feature>master c4c79227ed610f1151f05bbc5be33b4f340d39c8 fork:False draft:False [] 4861503 gitlab-org/hello-world https://gitlab.com/gitlab-org/hello-world.git 2017-12-10T17:02:46Z" },
        { "gitlab/pull_request_create.json", "Merge Request Hook", "Opened Open #1 'update readme' 51764 feature>master c4c79227ed610f1151f05bbc5be33b4f340d39c8 fork:False draft:False [] 4861503 gitlab-org/hello-world https://gitlab.com/gitlab-org/hello-world.git 2017-12-10T17:01:11Z" },
        { "gitlab/pull_request_merge.json", "Merge Request Hook", "Merged Merged #1 'update readme' 51764 feature>master c4c79227ed610f1151f05bbc5be33b4f340d39c8 fork:False draft:False [] 4861503 gitlab-org/hello-world https://gitlab.com/gitlab-org/hello-world.git 2017-12-10T17:08:07Z" },
        { "gitlab/pull_request_reopen.json", "Merge Request Hook", "Reopened Open #1 'update readme' 51764 feature>master c4c79227ed610f1151f05bbc5be33b4f340d39c8 fork:False draft:False [] 4861503 gitlab-org/hello-world https://gitlab.com/gitlab-org/hello-world.git 2017-12-10T17:03:25Z" },
        { "gitlab/pull_request_review_ready.json", "Merge Request Hook", "Edited Open #3 'Draft: Update README.md' rathod.meetsatish main1234>main ffd71529ecdfb41a530ee13f91b8fdd3e743c754 fork:False draft:True [] 44067058 rathod.meetsatish/meet https://gitlab.com/rathod.meetsatish/meet.git 2023-09-07T19:42:45Z" },
        { "gitlab/push.json", "Push Hook", "204" },
        { "gitlab/push_merge.json", "Push Hook", "204" },
        { "gitlab/push_subgroup.json", "Push Hook", "204" },
        { "gitlab/tag_create.json", "Tag Push Hook", "204" },
        { "gitlab/tag_delete.json", "Tag Push Hook", "204" },
        { "gitlab/tag_delete_subgroup.json", "Tag Push Hook", "204" },
    };

    [Theory]
    [MemberData(nameof(Meanings))]
    public async Task Payload_AsItsHostSendsIt_MeansThis(string payload, string @event, string meaning)
    {
        var body = PublicPayloads.Read(payload);
        using var response = await door.SendAsync(payload.Split('/')[0], @event, body);

        var status = (int)response.StatusCode;
        (response.StatusCode == HttpStatusCode.Accepted ? Meaning(await door.EventAsync(response)) : $"{status}").ShouldBe(meaning);
    }

    [Fact]
    public void Payloads_BesideTheCheckout_AreAllInTheTable() =>
        PublicPayloads.All().ShouldBe(Meanings.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    private static string Meaning(PullRequestEvent read) =>
        $"{read.Action} {read.State} #{read.Number} '{read.Title}' {read.Author} {read.SourceBranch}>{read.TargetBranch} {read.HeadSha} "
        + $"fork:{read.IsFork} draft:{read.IsDraft} [{string.Join(',', read.Labels)}] {read.Repository.Id} {read.Repository.FullName} "
        + $"{read.CloneUrl?.AbsoluteUri ?? "-"} {read.UpdatedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}";
}
