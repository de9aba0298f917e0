using System.Net;
using System.Text;
using Ebb.TestServers.Git;

namespace Ebb.Webhooks.Tests.Git;

/// <summary>Who is let in.</summary>
public sealed class CredentialTests(GitDoorFixture door) : IClassFixture<GitDoorFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Hosts { get; } = new()
    {
        { "github", "pull_request", OwnPayloads.GitHub().ToJsonString() },
        { "gitlab", "Merge Request Hook", OwnPayloads.GitLab().ToJsonString() },
        { "gitea", "pull_request", OwnPayloads.GitHub().ToJsonString() },
        { "forgejo", "pull_request", OwnPayloads.GitHub().ToJsonString() },
        { "bitbucket-cloud", "pullrequest:created", OwnPayloads.BitbucketCloud().ToJsonString() },
        { "bitbucket-server", "pr:opened", OwnPayloads.BitbucketServer().ToJsonString() },
        { "azure-devops", "", OwnPayloads.AzureDevOps().ToJsonString() },
    };

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Post_RightSecret_IsAcceptedAndWrongOnesAreAlike(string host, string @event, string body)
    {
        using var right = await door.SendAsync(host, @event, body);
        using var wrong = await door.SendAsync(host, @event, body, secret: "a-long-secret-of-somebody-else");
        using var unknown = await door.SendAsync(host, @event, body, hook: "no-such-hook", secret: GitDoorFixture.Secret(host));

        right.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await ShouldBeTurnedAwayAsync(wrong);
        await ShouldBeTurnedAwayAsync(unknown);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Post_WithoutAnyCredential_IsUnauthorized(string host, string @event, string body)
    {
        using var request = door.Delivery(host, @event, Encoding.UTF8.GetBytes(body));
        foreach (var header in new[] { "X-Hub-Signature-256", "X-Hub-Signature", "X-Gitea-Signature", "X-Forgejo-Signature", "X-Gitlab-Token", "Authorization" })
        {
            request.Headers.Remove(header);
        }

        using var response = await door.Http.SendAsync(request, Token);
        await ShouldBeTurnedAwayAsync(response);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Post_TamperedBody_IsUnauthorizedWhereTheHostSigns(string host, string @event, string body)
    {
        using var request = door.Delivery(host, @event, Encoding.UTF8.GetBytes(body));
        request.Content = new StringContent(body.Replace("A change", "B change", StringComparison.Ordinal));

        using var response = await door.Http.SendAsync(request, Token);
        // GitLab's plain token and Azure DevOps' password say nothing about the body.
        response.StatusCode.ShouldBe(host is "gitlab" or "azure-devops" ? HttpStatusCode.Accepted : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha256=zz")]
    [InlineData("sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Post_SignatureOfNoForm_IsUnauthorized(string signature)
    {
        using var request = door.Delivery("github", "pull_request", Encoding.UTF8.GetBytes(OwnPayloads.GitHub().ToJsonString()));
        request.Headers.Remove("X-Hub-Signature-256");
        request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature);

        using var response = await door.Http.SendAsync(request, Token);
        await ShouldBeTurnedAwayAsync(response);
    }

    [Fact]
    public async Task Post_TwoSignatures_IsUnauthorized()
    {
        using var request = door.Delivery("github", "pull_request", Encoding.UTF8.GetBytes(OwnPayloads.GitHub().ToJsonString()));
        request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", "sha256=00");

        using var response = await door.Http.SendAsync(request, Token);
        await ShouldBeTurnedAwayAsync(response);
    }

    [Theory]
    [InlineData(0, HttpStatusCode.Accepted)]
    [InlineData(-4, HttpStatusCode.Accepted)]
    [InlineData(-6, HttpStatusCode.Unauthorized)]
    [InlineData(6, HttpStatusCode.Unauthorized)]
    public async Task GitLabSigningToken_CountsNearItsTimeOnly(int minutes, HttpStatusCode expected)
    {
        using var response = await SendSignedAsync(TimeSpan.FromMinutes(minutes));
        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("webhook-timestamp", "99999999999999999999")]
    [InlineData("webhook-timestamp", "")]
    [InlineData("webhook-id", "another")]
    [InlineData("webhook-signature", "v1,AAAA v2,AAAA v1a,AAAA")]
    public async Task GitLabSigningToken_SpoiltHeader_IsUnauthorized(string header, string value)
    {
        using var request = Signed(TimeSpan.Zero);
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await door.Http.SendAsync(request, Token);
        await ShouldBeTurnedAwayAsync(response);
    }

    [Fact]
    public async Task GitLabSigningToken_SeveralSignatures_OneIsEnough()
    {
        using var request = Signed(TimeSpan.Zero);
        var signature = request.Headers.GetValues("webhook-signature").Single();
        request.Headers.Remove("webhook-signature");
        request.Headers.TryAddWithoutValidation("webhook-signature", $"v1,{Convert.ToBase64String(new byte[32])} {signature}");

        using var response = await door.Http.SendAsync(request, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await door.EventAsync(response)).Server.ShouldBe("gitlab-on-site");
    }

    [Fact]
    public async Task GitLabSigningToken_SentAsAPlainToken_IsUnauthorized()
    {
        using var request = door.Delivery("gitlab", "Merge Request Hook", Encoding.UTF8.GetBytes(OwnPayloads.GitLab().ToJsonString()), hook: "signed", secret: "placeholder-of-a-token");
        request.Headers.Remove("X-Gitlab-Token");
        request.Headers.TryAddWithoutValidation("X-Gitlab-Token", GitDoorFixture.SigningToken);

        using var response = await door.Http.SendAsync(request, Token);
        await ShouldBeTurnedAwayAsync(response);
    }

    [Fact]
    public async Task AzureDevOps_HeaderOfTheHook_TakesThePlaceOfBasic()
    {
        var body = Encoding.UTF8.GetBytes(OwnPayloads.AzureDevOps().ToJsonString());
        using var request = new WebhookSender("azure-devops", GitDoorFixture.Secret("header")) { Header = "X-Ebb-Secret" }
            .Delivery(new Uri(door.Http.BaseAddress!, "/api/git/azure-devops/header"), "", body);
        using var response = await door.Http.SendAsync(request, Token);
        using var basic = await door.SendAsync("azure-devops", "", body, hook: "header");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await ShouldBeTurnedAwayAsync(basic);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("bare")]
    public async Task Post_HookWithoutAUsableSecret_IsClosedAndSaidOnce(string hook)
    {
        foreach (var secret in new[] { "", "too short", GitDoorFixture.Secret(hook) })
        {
            using var response = await door.SendAsync("github", "pull_request", OwnPayloads.GitHub().ToJsonString(), hook, secret: secret);
            await ShouldBeTurnedAwayAsync(response);
        }

        door.Log.All.Count(line => line.StartsWith($"Error: The hook {hook} has a secret that cannot be used", StringComparison.Ordinal)).ShouldBe(1);
        door.Log.All.ShouldNotContain(line => line.Contains("too short", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/git/gitlab/github")]
    [InlineData("/api/git/github/GitHub")]
    [InlineData("/api/git/gogs/github")]
    [InlineData("/api/git/github/a-hook-that-is-not-there-and-has-a-very-long-name-indeed-%0A")]
    public async Task Post_ToAnotherHostsUrlOrNone_IsUnauthorized(string path)
    {
        var body = Encoding.UTF8.GetBytes(OwnPayloads.GitHub().ToJsonString());
        using var request = new WebhookSender("github", GitDoorFixture.Secret("github")).Delivery(new Uri(door.Http.BaseAddress + path[1..]), "pull_request", body);

        using var response = await door.Http.SendAsync(request, Token);
        await ShouldBeTurnedAwayAsync(response);
    }

    private static async Task ShouldBeTurnedAwayAsync(HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("\"detail\":\"The delivery is not authenticated.\"");
    }

    private async Task<HttpResponseMessage> SendSignedAsync(TimeSpan shift)
    {
        using var request = Signed(shift);
        return await door.Http.SendAsync(request, Token);
    }

    private HttpRequestMessage Signed(TimeSpan shift) => new WebhookSender("gitlab", GitDoorFixture.SigningToken) { Time = new Shifted(shift) }
        .Delivery(new Uri(door.Http.BaseAddress!, "/api/git/gitlab/signed"), "Merge Request Hook", Encoding.UTF8.GetBytes(OwnPayloads.GitLab().ToJsonString()));

    private sealed class Shifted(TimeSpan shift) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
    }
}
